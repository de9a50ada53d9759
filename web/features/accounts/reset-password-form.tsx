"use client";

import { useState } from "react";

import { AppLink } from "@/components/app-link";
import { Form, text } from "@/components/form";
import { buttonClass } from "@/components/ui/button";
import { Outcome } from "@/components/ui/outcome";
import { ProblemNotice } from "@/components/ui/problem-notice";

import { resetPassword } from "./mutations";
import { NoToken } from "./no-token";
import { PasswordField } from "./password-field";
import { isNoGood, useLinkToken } from "./use-link-token";

export function ResetPasswordForm() {
  const token = useLinkToken();
  const [done, setDone] = useState(false);
  const [refusal, setRefusal] = useState<Error | null>(null);
  const another = (
    <p>
      <AppLink href="/forgot-password">Ask for another link</AppLink>.
    </p>
  );
  if (done)
    return (
      <Outcome title="Your password is changed.">
        <p>Every session has ended, so that nobody stays signed in with the old one.</p>
        <AppLink href="/sign-in" className={buttonClass("main", "large")}>
          Sign in
        </AppLink>
      </Outcome>
    );
  if (token === null) return <NoToken>{another}</NoToken>;
  if (refusal)
    return (
      <div className="grid gap-5 text-ink-2">
        <ProblemNotice error={refusal} />
        {another}
      </div>
    );
  return (
    <Form
      send={(body: Parameters<typeof resetPassword>[0]) =>
        resetPassword(body).catch((error: Error) => {
          if (isNoGood(error)) setRefusal(error);
          throw error;
        })
      }
      onDone={() => setDone(true)}
      // Before the page has looked into its address nobody can have typed 15 characters.
      body={(form) => ({ token: token ?? "", password: text(form, "password") })}
      submit="Change my password"
      look="large"
    >
      {(error) => <PasswordField label="New password" error={error?.field("password")} />}
    </Form>
  );
}
