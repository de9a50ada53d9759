"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { Anchor } from "@/components/anchor";
import { text } from "@/components/form";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { Field } from "@/components/ui/field";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { WithoutScripts } from "@/components/without-scripts";
import { ApiError } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/types";
import { useAwake } from "@/lib/use-awake";

import { deleteAccount } from "./mutations";

interface DeleteAccountProps {
  email: string;
  /** Where somebody without a password signs in anew, to show that it is them. */
  providers: readonly Schema<"Identity">[] | null;
}

/** Asks for a proof, and then once more. */
export function DeleteAccount({ email, providers }: DeleteAccountProps) {
  const [proof, setProof] = useState<Schema<"Erasure"> | null>(null);
  const { mutate, reset, error, isPending, isSuccess } = useMutation({ mutationFn: deleteAccount, gcTime: 0 });
  const awake = useAwake();
  const field = error instanceof ApiError ? error.field("password") : undefined;

  function ask(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    reset();
    setProof({ password: providers ? null : text(new FormData(event.currentTarget), "password") });
  }

  function go() {
    // A full navigation: nothing of this account stays in memory.
    if (proof) mutate(proof, { onSuccess: () => window.location.assign("/") });
  }

  return (
    <form method="post" onSubmit={ask} className="grid max-w-md gap-5">
      {error && !field && <ProblemNotice error={error} />}
      {providers ? (
        <SignInAnew providers={providers} />
      ) : (
        <>
          {/* Tells password managers whose password this is. */}
          <input type="email" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            error={field}
          />
        </>
      )}
      {!awake && <WithoutScripts />}
      <div>
        <Button type="submit" look="danger" disabled={isPending || isSuccess} awake={awake}>
          {isPending || isSuccess ? "One moment…" : "Delete my account"}
        </Button>
      </div>
      {proof && (
        <Confirm
          title="Delete your account for good?"
          keep="Keep it"
          confirm="Delete it for good"
          onConfirm={go}
          onClose={() => setProof(null)}
        >
          Everything of {email} goes: tasks, keys, sessions. This can't be undone.
        </Confirm>
      )}
    </form>
  );
}

function SignInAnew({ providers }: { providers: readonly Schema<"Identity">[] }) {
  return (
    <p className="text-ink-2">
      To show that it is you, sign in anew at{" "}
      {providers.map(({ id, provider, name }, index) => (
        <span key={id}>
          {index > 0 && " or "}
          <Anchor href={`/api/v1/auth/${provider}/start?fresh=1&next=/settings/data`}>{name}</Anchor>
        </span>
      ))}
      . For five minutes after that this button works.
    </p>
  );
}
