"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { ApiError } from "@/lib/api/problem";

interface CredentialsFormProps<Body> {
  send: (body: Body) => Promise<unknown>;
  /** Where a new session begins. */
  next: string;
  submit: string;
  body: (form: FormData) => Body;
  children: (error: ApiError | null) => ReactNode;
}

/** A form that ends in a session: what it sends and shows is the caller's. */
export function CredentialsForm<Body>({ send, next, submit, body, children }: CredentialsFormProps<Body>) {
  const form = useRef<HTMLFormElement>(null);
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: send,
    // A full navigation: nothing that was read or prefetched without a session stays in memory.
    onSuccess: () => window.location.assign(next),
  });
  const problem = error instanceof ApiError ? error : null;

  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [error]);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    mutate(body(new FormData(event.currentTarget)));
  }

  return (
    <form ref={form} onSubmit={onSubmit} className="grid gap-5">
      {problem && problem.fields.length === 0 && <Notice title={problem.message} />}
      {children(problem)}
      <Button type="submit" look="main" size="large" disabled={isPending || isSuccess}>
        {isPending || isSuccess ? "One moment…" : submit}
      </Button>
    </form>
  );
}

/** A field of a form as text. */
export function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
