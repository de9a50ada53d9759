"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { codePoints, figure } from "@/lib/format";

import { createTask, newKey } from "./mutations";

const LIMIT = 8_000;

const EXAMPLES = [
  "A marketplace where labs sell used microscopes to schools",
  "A shift planner for a volunteer fire station",
  "Tide alerts for harbour pilots, by text message",
];

/** Where a task begins. Kept on failure, with the same key, so that trying again never makes two. */
export function Composer() {
  const router = useRouter();
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const submission = useRef({ prompt: "", key: "" });
  const [prompt, setPrompt] = useState("");
  const { mutate, error, isPending, isSuccess } = useMutation(createTask(useQueryClient()));

  const length = codePoints(prompt);
  const tooLong = length > LIMIT;
  const blank = prompt.trim() === "";

  function send() {
    if (blank || tooLong || isPending) return input.current?.focus();
    if (submission.current.prompt !== prompt) submission.current = { prompt, key: newKey() };
    mutate(submission.current, { onSuccess: (task) => router.push(`/tasks/${task.id}`) });
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    send();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  }

  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      <div className="rounded-xl border border-edge bg-panel focus-within:border-accent focus-within:outline-2 focus-within:outline-accent">
        <label htmlFor={id} className="sr-only">
          What do you want to build?
        </label>
        <textarea
          ref={input}
          id={id}
          name="prompt"
          rows={4}
          value={prompt}
          onChange={(event) => setPrompt(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder="Say what it is, who it is for, and what must not go wrong."
          aria-invalid={tooLong || undefined}
          aria-describedby={`${id}-count`}
          className="block field-sizing-content max-h-96 min-h-28 w-full resize-none rounded-xl bg-transparent px-4 pt-3.5 pb-2 text-lg leading-relaxed outline-none placeholder:text-ink-3"
        />
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 p-2 pl-4">
          <p id={`${id}-count`} className={`text-sm tabular-nums ${tooLong ? "text-stop" : "text-ink-3"}`}>
            {tooLong
              ? `${figure(length - LIMIT)} ${length - LIMIT === 1 ? "character" : "characters"} too long`
              : `${figure(length)} of ${figure(LIMIT)}`}
          </p>
          <Button type="submit" look="main" disabled={isPending || isSuccess} aria-disabled={blank || tooLong}>
            {isPending || isSuccess ? "Starting…" : "Start"}
            <kbd className="hidden font-mono text-xs font-medium opacity-80 sm:inline">Ctrl Enter</kbd>
          </Button>
        </div>
      </div>
      {error && <Notice title={error.message}>Your words are kept: try again.</Notice>}
      <ul aria-label="Examples" className="flex flex-wrap gap-2">
        {EXAMPLES.map((example) => (
          <li key={example} className="max-w-full">
            <button
              type="button"
              onClick={() => {
                setPrompt(example);
                input.current?.focus();
              }}
              className="rounded-md border border-line px-2.5 py-1 text-left text-sm text-ink-2 transition-colors hover:bg-sunken hover:text-ink"
            >
              {example}
            </button>
          </li>
        ))}
      </ul>
    </form>
  );
}
