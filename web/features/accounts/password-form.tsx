"use client";

import { useQueryClient } from "@tanstack/react-query";

import { Form, text } from "@/components/form";
import { Field } from "@/components/ui/field";

import { changePassword } from "./mutations";
import { PasswordField } from "./password-field";
import { sessionsQuery } from "./queries";

export function PasswordForm({ email }: { email: string }) {
  const client = useQueryClient();
  return (
    <div className="max-w-md">
      <Form
        send={changePassword}
        onDone={(_, form) => {
          form.reset();
          void client.invalidateQueries(sessionsQuery);
        }}
        body={(form) => ({ current_password: text(form, "current_password"), new_password: text(form, "password") })}
        submit="Change password"
        done="Changed. Your other sessions have ended."
      >
        {(error) => (
          <>
            {/* Tells password managers whose password this is. */}
            <input type="email" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
            <Field
              label="Current password"
              name="current_password"
              type="password"
              autoComplete="current-password"
              required
              error={error?.field("current_password")}
            />
            <PasswordField label="New password" error={error?.field("new_password")} />
          </>
        )}
      </Form>
    </div>
  );
}
