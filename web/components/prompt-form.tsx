"use client";

import { type FormEvent, type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { WithoutScripts } from "@/components/without-scripts";
import { codePoints, figure } from "@/lib/format";
import { useAwake } from "@/lib/use-awake";

/** What the contract allows, in code points. */
const LIMIT = 8_000;

interface PromptFormProps {
  label: string;
  placeholder: string;
  examples: readonly string[];
  /** What the button says, and what it says while it can't be pressed again. */
  action: readonly [ready: string, busy: string];
  busy: boolean;
  onSend: (prompt: string) => void;
  /** Between the field and the examples: what went wrong. */
  children?: ReactNode;
}

/** A prompt that is being written. It stays when it is sent: whoever sends decides what comes next. */
export function PromptForm({ label, placeholder, examples, action, busy, onSend, children }: PromptFormProps) {
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const [prompt, setPrompt] = useState("");

  const awake = useAwake();

  const length = codePoints(prompt);
  const tooLong = length > LIMIT;
  const blank = prompt.trim() === "";

  function send() {
    if (blank || tooLong || busy) return input.current?.focus();
    onSend(prompt);
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
    <form method="post" onSubmit={onSubmit} className="grid grid-cols-1 gap-3">
      {!awake && <WithoutScripts />}
      <div className="rounded-xl border border-edge bg-panel focus-within:border-accent focus-within:outline-2 focus-within:outline-accent">
        <label htmlFor={id} className="sr-only">
          {label}
        </label>
        <textarea
          ref={input}
          id={id}
          name="prompt"
          rows={4}
          value={prompt}
          onChange={(event) => setPrompt(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder={placeholder}
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
          <Button type="submit" look="main" disabled={busy} awake={awake} aria-disabled={blank || tooLong}>
            {action[busy ? 1 : 0]}
            <kbd className="hidden font-mono text-xs font-medium opacity-80 sm:inline">Ctrl Enter</kbd>
          </Button>
        </div>
      </div>
      {children}
      <ul aria-label="Examples" className="flex flex-wrap gap-2">
        {examples.map((example) => (
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
