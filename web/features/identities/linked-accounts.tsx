"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";

import { Ago } from "@/components/ago";
import { focusTitle } from "@/components/page-title";
import { QueryState } from "@/components/query-state";
import { buttonClass } from "@/components/ui/button";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { ProblemNotice } from "@/components/ui/problem-notice";

import type { ProviderOption } from "./errors";
import { unlinkIdentity } from "./mutations";
import { startPath } from "./paths";
import { type Identity, identitiesQuery, providersQuery } from "./queries";
import { SignInNotice } from "./sign-in-notice";

/** The accounts elsewhere that may sign in as the visitor, and those that could. */
export function LinkedAccounts() {
  const identities = useQuery(identitiesQuery);
  const providers = useQuery(providersQuery).data ?? [];
  const address = useSearchParams();
  const linked = providers.find(({ id }) => id === address.get("linked"));
  return (
    <div className="grid gap-8">
      <SignInNotice error={address.get("error")} provider={address.get("provider")} providers={providers} />
      {linked && (
        <p role="status" className="rounded-lg border border-line bg-panel px-4 py-3">
          {linked.name} is linked: you can sign in with it from now on.
        </p>
      )}
      <QueryState
        query={identities}
        reading="Reading your linked accounts…"
        failed="Your linked accounts can't be read right now."
      >
        {({ items, has_password }) => (
          <>
            <Linked items={items} hasPassword={has_password} offered={providers} />
            <Linkable providers={providers} linked={items} />
          </>
        )}
      </QueryState>
    </div>
  );
}

interface LinkedProps {
  items: readonly Identity[];
  hasPassword: boolean;
  offered: readonly ProviderOption[];
}

function Linked({ items, hasPassword, offered }: LinkedProps) {
  const { mutate, error, isPending } = useMutation(unlinkIdentity(useQueryClient()));
  const [said, setSaid] = useState("");
  const usable = items.filter(({ provider }) => offered.some(({ id }) => id === provider));
  const isLastWayIn = ({ id }: Identity) => !hasPassword && usable.every((other) => other.id === id);

  function unlink({ id, name }: Identity) {
    mutate(id, {
      onSuccess: () => {
        // The button that was pressed is gone with its row.
        focusTitle();
        setSaid(`${name} is unlinked.`);
      },
    });
  }

  return (
    <div className="grid gap-4">
      <p role="status" className="sr-only">
        {said}
      </p>
      {error && <ProblemNotice error={error} />}
      {items.length === 0 ? (
        <p className="rounded-xl border border-dashed border-line px-6 py-8 text-center text-ink-2">
          Nothing is linked: you sign in with your password.
        </p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {items.map((identity) => (
            <li key={identity.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
              <Description of={identity} />
              {isLastWayIn(identity) ? (
                <p className="text-sm text-ink-2">Your only way in</p>
              ) : (
                <ConfirmButton
                  title={`Unlink ${identity.name}?`}
                  question="You can't sign in with it any more. Your account and your sessions stay."
                  keep="Keep it"
                  confirm="Unlink"
                  onConfirm={() => unlink(identity)}
                  disabled={isPending}
                >
                  Unlink<span className="sr-only"> {identity.name}</span>
                </ConfirmButton>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Description({ of }: { of: Identity }) {
  return (
    <div className="grid min-w-0 gap-0.5">
      <p className="font-medium">{of.name}</p>
      {of.email !== null && <p className="text-sm wrap-anywhere text-ink-2">{of.email}</p>}
      <p className="text-sm text-ink-3" suppressHydrationWarning>
        Last used <Ago time={of.last_used_at} className="" />
      </p>
    </div>
  );
}

function Linkable({ providers, linked }: { providers: readonly ProviderOption[]; linked: readonly Identity[] }) {
  const others = providers.filter(({ id }) => !linked.some(({ provider }) => provider === id));
  if (others.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-2.5">
      {others.map(({ id, name }) => (
        <a key={id} href={startPath(id, { link: "1" })} className={buttonClass()}>
          Link {name}
        </a>
      ))}
    </div>
  );
}
