"use client";

import { useRouter } from "next/navigation";
import type { FormEvent } from "react";

import { AppLink } from "@/components/app-link";
import { text } from "@/components/form";
import { Button, buttonClass } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select-field";
import { pathWith } from "@/lib/params";

import { ACTIONS } from "./audit-words";
import type { AuditAsked } from "./queries";

const actions = [
  { value: "", name: "Everything" },
  ...Object.entries(ACTIONS).map(([value, name]) => ({ value, name })),
];

/** The address holds what is asked for; without scripts the form goes there by itself. */
export function AuditFilters({ asked }: { asked: AuditAsked }) {
  const router = useRouter();

  function filter(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    router.push(pathWith("/admin/audit", { user: text(form, "user").trim(), action: text(form, "action") }));
  }

  return (
    <form
      key={`${asked.user} ${asked.action}`}
      action="/admin/audit"
      onSubmit={filter}
      className="grid items-end gap-x-3 gap-y-4 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]"
    >
      <SelectField label="What" name="action" defaultValue={asked.action} options={actions} />
      <Field
        label="Whose"
        name="user"
        placeholder="Id of a user"
        pattern="\s*[0-9A-Fa-f\-]{32,36}\s*"
        title="The id of a user: it stands beside them on the users' page"
        autoComplete="off"
        spellCheck={false}
        defaultValue={asked.user}
      />
      <div className="flex gap-2">
        <Button type="submit" size="large">
          Filter
        </Button>
        {(asked.user !== "" || asked.action !== "") && (
          <AppLink href="/admin/audit" className={buttonClass("quiet", "large")}>
            Clear
          </AppLink>
        )}
      </div>
    </form>
  );
}
