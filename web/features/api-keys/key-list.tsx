"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Ago } from "@/components/ago";
import { focusTitle } from "@/components/page-title";
import { QueryState } from "@/components/query-state";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { day } from "@/lib/format";

import { revokeKey } from "./mutations";
import { type ApiKey, apiKeysQuery, SCOPES } from "./queries";

export function KeyList() {
  const query = useQuery(apiKeysQuery);
  return (
    <QueryState query={query} reading="Reading your keys…" failed="Your keys can't be read right now.">
      {({ items }) => <Keys keys={items} />}
    </QueryState>
  );
}

function Keys({ keys }: { keys: readonly ApiKey[] }) {
  const { mutate, error, isPending } = useMutation(revokeKey(useQueryClient()));
  const [said, setSaid] = useState("");

  function revoke({ id, name }: ApiKey) {
    mutate(id, {
      onSuccess: () => {
        // The button that was pressed is gone with its row.
        focusTitle();
        setSaid(`The key ${name} is revoked.`);
      },
    });
  }

  return (
    <div className="grid gap-4">
      <p role="status" className="sr-only">
        {said}
      </p>
      {error && <ProblemNotice error={error} />}
      {keys.length === 0 ? (
        <p className="rounded-xl border border-dashed border-line px-6 py-8 text-center text-ink-2">No keys yet.</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {keys.map((key) => (
            <li key={key.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
              <Description of={key} />
              <ConfirmButton
                title={`Revoke “${key.name}”?`}
                question="What uses it is refused from now on. This can't be undone."
                keep="Keep it"
                confirm="Revoke key"
                onConfirm={() => revoke(key)}
                disabled={isPending}
              >
                Revoke<span className="sr-only"> the key {key.name}</span>
              </ConfirmButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Description({ of }: { of: ApiKey }) {
  const [now] = useState(Date.now);
  const expired = of.expires_at !== null && Date.parse(of.expires_at) < now;
  return (
    <div className="grid min-w-0 gap-0.5">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-medium wrap-anywhere">{of.name}</span>
        <code className="font-mono text-sm text-ink-3">{of.prefix}…</code>
      </p>
      <p className="text-sm text-ink-2">{of.scopes.map((scope) => SCOPES[scope].name).join(", ")}</p>
      <p className="text-sm text-ink-3" suppressHydrationWarning>
        {of.last_used_at === null ? (
          "Never used"
        ) : (
          <>
            Last used <Ago time={of.last_used_at} className="" />
          </>
        )}{" "}
        ·{" "}
        {of.expires_at === null ? (
          "no end"
        ) : (
          <span className={expired ? "text-stop" : ""}>
            {expired ? "expired" : "good"} {expired ? "on" : "until"} {day(of.expires_at)}
          </span>
        )}
      </p>
    </div>
  );
}
