"use client";

import { useState } from "react";

import { Form, text } from "@/components/form";
import { Field } from "@/components/ui/field";
import { Outcome } from "@/components/ui/outcome";

import { requestReset } from "./mutations";

/** Asks for a link to choose a new password with. Says the same for every address. */
export function ForgotPasswordForm() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (sentTo !== null)
    return (
      <Outcome title="Look into your mailbox.">
        <p className="wrap-anywhere">
          If <span className="font-medium text-ink">{sentTo}</span> has an account here, a link is on its way. It is
          good once, and not for long.
        </p>
        <p>
          Nothing there? Look into the spam folder, or{" "}
          <button type="button" className="underline underline-offset-[0.2em]" onClick={() => setSentTo(null)}>
            try another address
          </button>
          .
        </p>
      </Outcome>
    );
  return (
    <Form
      send={requestReset}
      onDone={({ email }) => setSentTo(email)}
      body={(form) => ({ email: text(form, "email") })}
      submit="Send me a link"
      look="large"
    >
      {(error) => (
        <Field label="Email" name="email" type="email" autoComplete="username" required error={error?.field("email")} />
      )}
    </Form>
  );
}
