"use client";

import { useId } from "react";

import { Form, text } from "@/components/form";
import { Field } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select-field";

import { endOf, EXPIRIES } from "./expiry";
import { createKey } from "./mutations";
import { type NewApiKey, type Scope, SCOPES } from "./queries";

const isScope = (value: unknown): value is Scope => typeof value === "string" && Object.hasOwn(SCOPES, value);

export function KeyForm({ onMade }: { onMade: (key: NewApiKey) => void }) {
  return (
    <Form
      send={createKey}
      onDone={onMade}
      body={(form) => ({
        name: text(form, "name"),
        scopes: form.getAll("scopes").filter(isScope),
        expires_at: endOf(text(form, "days"), Date.now()),
      })}
      submit="Make a key"
    >
      {(error) => (
        <>
          <Field
            label="Name"
            name="name"
            required
            maxLength={100}
            autoComplete="off"
            hint="By which you know it again: what uses it, and where."
            error={error?.field("name")}
          />
          <Scopes error={error?.field("scopes")} />
          <SelectField label="Good for" name="days" defaultValue="90" options={EXPIRIES} />
        </>
      )}
    </Form>
  );
}

function Scopes({ error }: { error: string | undefined }) {
  const id = useId();
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 font-medium">What it may do</legend>
      {Object.entries(SCOPES).map(([scope, { name, what }]) => (
        <label key={scope} className="flex items-start gap-3">
          <input
            type="checkbox"
            name="scopes"
            value={scope}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? id : undefined}
            className="mt-1 size-4 shrink-0 accent-accent"
          />
          <span>
            {name} <span className="block text-sm text-ink-3">{what}</span>
          </span>
        </label>
      ))}
      {error && (
        <p id={id} className="text-sm text-stop">
          {error}
        </p>
      )}
    </fieldset>
  );
}
