"use client";

import { AppLink } from "@/components/app-link";
import { Form, text } from "@/components/form";
import { Field } from "@/components/ui/field";
import { isRefused } from "@/lib/api/problem";

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
          {isRefused<"login">(error, "email_unverified") && <Unverified />}
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

/** The password was right: only its owner reads this. */
function Unverified() {
  return (
    <p className="text-ink-2">
      The link is in your mailbox. <AppLink href="/verify-email">Have another one sent</AppLink>.
    </p>
  );
}
