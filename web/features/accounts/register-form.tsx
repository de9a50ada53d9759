"use client";

import { useState } from "react";

import { Form, text } from "@/components/form";
import { Field } from "@/components/ui/field";
import { Outcome } from "@/components/ui/outcome";

import { register } from "./mutations";
import { PasswordField } from "./password-field";
import { ResendForm } from "./resend-form";

interface RegisterFormProps {
  next: string;
  /** Whether the address has to be confirmed before there is an account. */
  verified: boolean;
}

export function RegisterForm({ next, verified }: RegisterFormProps) {
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (sentTo !== null) return <LookIntoYourMailbox email={sentTo} />;
  return (
    <Form
      send={register}
      onDone={(answer) => {
        // A full navigation: nothing that was read or prefetched without a session stays in memory.
        if ("id" in answer) window.location.assign(next);
        else setSentTo(answer.email);
      }}
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
            {...(verified && { hint: "We send a link there, to see that it is yours." })}
            error={error?.field("email")}
          />
          <PasswordField error={error?.field("password")} />
        </>
      )}
    </Form>
  );
}

/** The same for an address that has an account: its owner is told by mail, and nobody else. */
function LookIntoYourMailbox({ email }: { email: string }) {
  return (
    <>
      <Outcome title="Look into your mailbox.">
        <p>
          A link is on its way to <span className="font-medium wrap-anywhere text-ink">{email}</span>. Open it, and your
          account is ready.
        </p>
      </Outcome>
      <details>
        <summary className="cursor-pointer text-ink-2">No mail after some minutes?</summary>
        <div className="mt-4">
          <ResendForm email={email} />
        </div>
      </details>
    </>
  );
}
