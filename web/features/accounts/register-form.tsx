"use client";

import { Form, text } from "@/components/form";
import { Field } from "@/components/ui/field";

import { register } from "./mutations";
import { PasswordField } from "./password-field";

export function RegisterForm({ next }: { next: string }) {
  return (
    <Form
      send={register}
      onDone={() => window.location.assign(next)}
      submit="Create account"
      look="large"
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
          <PasswordField error={error?.field("password")} />
        </>
      )}
    </Form>
  );
}
