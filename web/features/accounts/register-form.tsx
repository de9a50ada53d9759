"use client";

import { Field } from "@/components/ui/field";

import { CredentialsForm, text } from "./credentials-form";
import { register } from "./mutations";

export function RegisterForm({ next }: { next: string }) {
  return (
    <CredentialsForm
      send={register}
      next={next}
      submit="Create account"
      body={(form) => ({ name: text(form, "name"), email: text(form, "email"), password: text(form, "password") })}
    >
      {(error) => (
        <>
          <Field label="Name" name="name" autoComplete="name" required maxLength={100} error={error?.field("name")} />
          <Field
            label="Email"
            name="email"
            type="email"
            autoComplete="username"
            required
            error={error?.field("email")}
          />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="new-password"
            required
            minLength={15}
            maxLength={128}
            hint="15 characters or more. A sentence is easier to keep than a puzzle."
            error={error?.field("password")}
          />
        </>
      )}
    </CredentialsForm>
  );
}
