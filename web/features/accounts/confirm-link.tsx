"use client";

import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Outcome } from "@/components/ui/outcome";
import { ProblemNotice } from "@/components/ui/problem-notice";

import { NoToken } from "./no-token";
import { isNoGood, useLinkToken } from "./use-link-token";

interface ConfirmLinkProps {
  send: (token: string) => Promise<unknown>;
  /** On the button: what opening the link is for. */
  confirm: string;
  /** What is so now. */
  done: string;
  next: ReactNode;
  /** How to get another link. */
  again: ReactNode;
}

/** A mail's link that only has to be confirmed. */
export function ConfirmLink({ send, confirm, done, next, again }: ConfirmLinkProps) {
  const token = useLinkToken();
  const { mutate, error, isPending, isSuccess } = useMutation({ mutationFn: send, gcTime: 0 });
  if (isSuccess) return <Outcome title={done}>{next}</Outcome>;
  if (token === null) return <NoToken>{again}</NoToken>;
  return (
    <div className="grid gap-5">
      {error && <ProblemNotice error={error} />}
      {isNoGood(error) ? (
        <div className="text-ink-2">{again}</div>
      ) : (
        <Button
          look="main"
          size="large"
          disabled={isPending || token === undefined}
          onClick={() => token && mutate(token)}
        >
          {isPending ? "One moment…" : confirm}
        </Button>
      )}
    </div>
  );
}
