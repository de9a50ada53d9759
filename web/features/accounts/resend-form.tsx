"use client";

import { Form, text } from "@/components/form";
import { Field } from "@/components/ui/field";

import { resendVerification } from "./mutations";

/** Another link to confirm an address with. Says the same for every address. */
export function ResendForm({ email }: { email?: string }) {
  return (
    <Form
      send={resendVerification}
      body={(form) => ({ email: text(form, "email") })}
      submit="Send another link"
      done="If that address waits to be confirmed, a link is on its way."
    >
      {(error) => (
        <Field
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={email}
          error={error?.field("email")}
        />
      )}
    </Form>
  );
}
