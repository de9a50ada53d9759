"use client";

import { Form, text } from "@/components/form";
import { Field } from "@/components/ui/field";

import { signIn } from "./mutations";

export function SignInForm({ next }: { next: string }) {
  return (
    <Form
      send={signIn}
      // A full navigation: nothing that was read or prefetched without a session stays in memory.
      onDone={() => window.location.assign(next)}
      submit="Sign in"
      look="large"
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
    </Form>
  );
}
