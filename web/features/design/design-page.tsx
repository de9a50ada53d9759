"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useEffect, useRef } from "react";

import { Anchor } from "@/components/anchor";
import { CopyButton } from "@/components/copy-button";
import { Markdown } from "@/components/markdown/markdown";
import { PromptForm } from "@/components/prompt-form";
import { Button, buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useFollowEnd } from "@/components/use-follow-end";
import type { ApiError } from "@/lib/api/problem";
import { figure, words } from "@/lib/format";
import { signInPath } from "@/lib/paths";

import { DesignState } from "./design-state";
import { StreamSwitch } from "./stream-switch";
import { type DesignView, useDesign } from "./use-design";

const EXAMPLES = [
  "A lending shelf for the tools of one street",
  "A booking page for a village hall",
  "A logbook for a radio club",
];

/** A design: asked for, written while one looks on, and gone with the page. */
export function DesignPage({ allowed }: { allowed: boolean }) {
  const { view, start, stop } = useDesign();
  const [streaming, setStreaming] = useStreamSwitch();
  const ask = (prompt: string) => start(prompt, allowed && streaming);
  return (
    <>
      <PromptForm
        label="What do you want to design?"
        placeholder="Say what it is and who it is for."
        examples={EXAMPLES}
        action={["Write", "Writing…"]}
        busy={view.phase === "writing"}
        onSend={ask}
      >
        <StreamSwitch on={allowed && streaming} disabled={!allowed} onChange={setStreaming} />
      </PromptForm>
      {view.phase !== "idle" && <Written view={view} onStop={stop} onAgain={() => ask(view.prompt)} />}
    </>
  );
}

/** In the address, so that a link or a reload keeps it. */
function useStreamSwitch(): [on: boolean, change: (on: boolean) => void] {
  const pathname = usePathname();
  const on = useSearchParams().get("stream") !== "off";
  return [on, (next) => window.history.replaceState(null, "", next ? pathname : `${pathname}?stream=off`)];
}

function Written({ view, onStop, onAgain }: { view: DesignView; onStop: () => void; onAgain: () => void }) {
  const { phase, text, way, problem } = view;
  const writing = phase === "writing";
  const section = useRef<HTMLElement>(null);
  // On a phone it is below the form, out of sight. Before the end is followed, which is done only from there.
  useEffect(() => {
    if (writing) section.current?.scrollIntoView();
  }, [writing]);
  useFollowEnd(text, writing);
  const count = words(text);
  return (
    <section ref={section} aria-label="The design" className="mt-6 min-w-0 md:scroll-mt-14">
      <div className="sticky top-0 z-10 mb-6 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-paper py-3 md:top-14">
        <DesignState view={view} />
        <p className="font-mono text-sm text-ink-3 tabular-nums">
          {figure(count)} {count === 1 ? "word" : "words"}
        </p>
        <div className="ml-auto flex flex-wrap gap-1.5">
          <CopyButton text={text} />
          {writing ? <Button onClick={onStop}>Stop</Button> : <Button onClick={onAgain}>Write again</Button>}
        </div>
      </div>
      {problem && <Problem problem={problem} isEmpty={text === ""} />}
      {way === "broken" && (
        <p className="mb-6 text-ink-2">
          {writing
            ? "The stream didn't get through. The design is being written once more and comes in one piece."
            : phase === "done" && "The stream didn't get through, so this text was written anew and came in one piece."}
        </p>
      )}
      <article
        aria-label="Design"
        aria-busy={writing}
        data-length={text.length}
        data-writing={writing && text !== "" && way === "stream" ? "" : undefined}
        className="prose"
      >
        <Markdown text={text} complete={phase === "done"} />
      </article>
      {phase === "stopped" && (
        <p className="mt-8 text-ink-3">Stopped here, and so is the generator. What was written stays on this page.</p>
      )}
    </section>
  );
}

function Problem({ problem, isEmpty }: { problem: ApiError; isEmpty: boolean }) {
  const isSignedOut = problem.status === 401;
  return (
    <div className="mb-6">
      <Notice
        title={isSignedOut ? "You are signed out." : problem.message}
        action={
          isSignedOut && (
            <Anchor href={signInPath("/design")} className={buttonClass()}>
              Sign in
            </Anchor>
          )
        }
      >
        {isEmpty ? "Nothing was written." : "What was written so far is below."}
      </Notice>
    </div>
  );
}
