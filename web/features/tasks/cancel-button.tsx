"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { focusTitle } from "@/components/page-title";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { isRefused } from "@/lib/api/problem";

import { cancelTask } from "./mutations";

/** Asks, then cancels. Esc asks too, wherever the focus is, unless something else has a use for it. */
export function CancelButton({ id }: { id: string }) {
  const { mutate, error, isPending, isSuccess } = useMutation(cancelTask(useQueryClient(), id));
  const box = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (document.querySelector("[role=alertdialog], [role=menu]")) return;
      box.current?.querySelector("button")?.click();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  // Finished a moment before: its ending is on the way, and that is no failure.
  const failed = error && !isRefused<"cancelTask">(error, "already_finished");
  return (
    <span ref={box} className="contents">
      <ConfirmButton
        title="Cancel this task?"
        question="The worker stops. What is written so far stays."
        keep="Keep writing"
        confirm="Cancel task"
        onConfirm={() => mutate(undefined, { onSuccess: focusTitle })}
        disabled={isPending || isSuccess}
      >
        {failed ? "Try to cancel again" : isPending || isSuccess ? "Cancelling…" : "Cancel"}
        <kbd className="hidden font-mono text-xs font-medium text-ink-3 sm:inline">Esc</kbd>
      </ConfirmButton>
    </span>
  );
}
