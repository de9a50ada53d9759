"use client";

import { useRouter } from "next/navigation";

import { Form, text } from "@/components/form";
import { Field } from "@/components/ui/field";
import type { Schema } from "@/lib/api/types";
import { day } from "@/lib/format";

import { changeProfile } from "./mutations";

export function ProfileForm({ user }: { user: Schema<"User"> }) {
  const router = useRouter();
  return (
    <div className="grid max-w-md gap-8">
      <Form
        send={changeProfile}
        // The header has the name too, and the server renders it.
        onDone={() => router.refresh()}
        body={(form) => ({ name: text(form, "name") })}
        submit="Save"
        done="Saved."
      >
        {(error) => (
          <Field
            label="Name"
            name="name"
            autoComplete="name"
            required
            maxLength={100}
            defaultValue={user.name}
            hint="How this site calls you."
            error={error?.field("name")}
          />
        )}
      </Form>
      <p className="text-sm text-ink-3">Your account was made on {day(user.created_at)}.</p>
    </div>
  );
}
