import type { ReactNode } from "react";

export type Tone = "live" | "wait" | "done" | "fail";

const tones: Record<Tone, string> = {
  live: "bg-live",
  wait: "bg-warn",
  done: "bg-ink-3",
  fail: "bg-stop",
};

/** A state in a word, with a dot for those who scan. The word alone says it all. */
export function StateDot({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-2 text-sm text-ink-2">
      <span className={`size-2 shrink-0 rounded-full transition-colors ${tones[tone]}`} />
      <span>{children}</span>
    </span>
  );
}
