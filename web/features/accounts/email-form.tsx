"use client";

import { useRouter } from "next/navigation";

import { Form, text } from "@/components/form";
import { Field } from "@/components/ui/field";

import { requestEmailChange } from "./mutations";

/** `byLink`: whether mail is sent here. Without it the address is believed, as it was at registration. */
export function EmailForm({ byLink }: { byLink: boolean }) {
  const router = useRouter();
  return (
    <div className="max-w-md">
      <Form
        send={requestEmailChange}
        onDone={(_, form) => {
          form.reset();
          router.refresh();
        }}
        body={(form) => ({ email: text(form, "email"), password: text(form, "password") })}
        submit={byLink ? "Send a link to the new address" : "Change address"}
        done={byLink ? "A link is on its way to the new address. Until it is opened nothing changes." : "Changed."}
      >
        {(error) => (
          <>
            <Field
              label="New email"
              name="email"
              type="email"
              autoComplete="email"
              required
              {...(byLink && {
                hint: "It changes when the link that we send there is opened. The old address is told.",
              })}
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
    </div>
  );
}
