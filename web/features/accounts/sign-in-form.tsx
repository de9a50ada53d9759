"use client";

import { Field } from "@/components/ui/field";

import { CredentialsForm, text } from "./credentials-form";
import { signIn } from "./mutations";

export function SignInForm({ next }: { next: string }) {
  return (
    <CredentialsForm
      send={signIn}
      next={next}
      submit="Sign in"
      body={(form) => ({ email: text(form, "email"), password: text(form, "password") })}
    >
      {(error) => (
        <>
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
            autoComplete="current-password"
            required
            error={error?.field("password")}
          />
        </>
      )}
    </CredentialsForm>
  );
}
