"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";

import { Button } from "@/components/ui/button";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { WithoutScripts } from "@/components/without-scripts";
import { ApiError } from "@/lib/api/problem";
import { useAwake } from "@/lib/use-awake";

interface FormProps<Body, Result> {
  send: (body: Body) => Promise<Result>;
  body: (form: FormData) => Body;
  submit: string;
  look?: "large" | "normal";
  onDone?: (result: Result, form: HTMLFormElement) => void;
  /** Said when it went well. Without it something else is about to be shown, and the button stays busy until then. */
  done?: string;
  children: (error: ApiError | null) => ReactNode;
}

/** A form that is sent once at a time: its fields and what it sends are the caller's. */
export function Form<Body, Result>({
  send,
  body,
  submit,
  look = "normal",
  onDone,
  done,
  children,
}: FormProps<Body, Result>) {
  const form = useRef<HTMLFormElement>(null);
  // Not kept once it is done: there may be a password in it.
  const { mutate, reset, error, isPending, isSuccess } = useMutation({ mutationFn: send, gcTime: 0 });
  const awake = useAwake();
  const problem = error instanceof ApiError ? error : null;
  const busy = isPending || (isSuccess && done === undefined);

  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [error]);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const sent = event.currentTarget;
    if (!busy) mutate(body(new FormData(sent)), { onSuccess: (result) => onDone?.(result, sent) });
  }

  return (
    <form ref={form} method="post" onSubmit={onSubmit} onInput={() => isSuccess && reset()} className="grid gap-5">
      {error && !problem?.fields.length && <ProblemNotice error={error} />}
      {children(problem)}
      {!awake && <WithoutScripts />}
      <div className={look === "large" ? "grid gap-2" : "flex flex-wrap items-center gap-x-4 gap-y-2"}>
        <Button type="submit" look="main" size={look} disabled={busy} awake={awake}>
          {busy ? "One moment…" : submit}
        </Button>
        <p role="status" className="text-sm text-ink-2">
          {isSuccess && done}
        </p>
      </div>
    </form>
  );
}

/** A field of a form as text. */
export function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
