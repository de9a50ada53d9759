"use client";

import { useMutation } from "@tanstack/react-query";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { DemoUser } from "@/lib/env";

import { signIn } from "./mutations";

/** Development only: the page that renders this has the credentials from the server's environment. */
export function DemoSignIn({ user, next }: { user: DemoUser; next: string }) {
  const { mutate, error, isPending, isSuccess } = useMutation({ mutationFn: signIn });
  return (
    <div className="grid gap-3 rounded-xl border border-line bg-accent-wash p-4">
      <Button
        size="large"
        onClick={() => mutate(user, { onSuccess: () => window.location.assign(next) })}
        disabled={isPending || isSuccess}
      >
        {isPending || isSuccess ? "One moment…" : "Sign in as the demo user"}
      </Button>
      <p className="text-sm text-ink-2">Only in development: {user.email} comes with the database.</p>
      {error && <Notice title={error.message} />}
    </div>
  );
}
