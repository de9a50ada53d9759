"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { DownIcon } from "@/components/icons";
import { StateDot, type Tone } from "@/components/ui/state-dot";

import { pullMutation } from "./mutations";
import { type Part, type PartName, type PartState, wordsOf } from "./parts";
import { partsQuery } from "./queries";
import { useNews } from "./use-news";

const PARTS: readonly [PartName, verb: string, label: string][] = [
  ["api", "Kill the", "API"],
  ["worker", "Kill a", "Worker"],
  ["valkey", "Kill", "Valkey"],
  ["network", "Cut the", "Network"],
];

const tones: Record<PartState, Tone> = {
  up: "live",
  down: "fail",
  unready: "wait",
  unknown: "done",
  elsewhere: "done",
};

/** Kills parts of the stack while the text is being written. */
export function PlugPanel() {
  const [open, setOpen] = useState(true);
  const client = useQueryClient();
  const { data: parts } = useQuery({ ...partsQuery, enabled: open });
  const pull = useMutation(pullMutation(client));
  const news = useNews(parts, PARTS);
  if (!parts) return null;
  return (
    <>
      {/* The page's end stays in sight above the panel. */}
      <div aria-hidden="true" className={open ? "h-40" : "h-12"} />
      <aside
        aria-labelledby="plug"
        className="fixed right-3 bottom-3 z-10 rounded-xl border border-line bg-panel shadow-float max-sm:left-3 sm:right-6 sm:bottom-6 sm:w-80"
      >
        <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)} className="group">
          <summary className="flex cursor-pointer items-center justify-between rounded-xl p-3 group-open:pb-1 sm:p-4 [&::-webkit-details-marker]:hidden">
            <h2 id="plug" className="text-base">
              Pull the plug
            </h2>
            <span className="text-ink-3 transition-transform group-open:rotate-0 not-group-open:rotate-180">
              <DownIcon />
            </span>
          </summary>
          <div className="px-3 pb-3 sm:px-4 sm:pb-4">
            <p className="mb-3 text-sm text-balance text-ink-2">
              Kill any part now. The text goes on where it stopped; a killed worker’s is begun again by another.
            </p>
            <div className="grid grid-cols-2 gap-1.5">
              {PARTS.map(([name, verb, label]) => (
                <PartButton key={name} part={parts[name]} verb={verb} label={label} pull={() => pull.mutate(name)} />
              ))}
            </div>
            {pull.error && <p className="mt-3 text-sm text-stop">{pull.error.message}</p>}
          </div>
        </details>
        <p role="status" className="sr-only">
          {news}
        </p>
      </aside>
    </>
  );
}

interface PartButtonProps {
  part: Part;
  verb: string;
  label: string;
  pull: () => void;
}

function PartButton({ part, verb, label, pull }: PartButtonProps) {
  const isUp = part.state === "up";
  return (
    <button
      type="button"
      // Not `disabled`: it would lose the focus to nowhere.
      aria-disabled={!isUp}
      onClick={isUp ? pull : undefined}
      className="grid justify-items-start gap-0.5 rounded-md border border-line px-2.5 py-2 text-left sm:px-3 transition-colors not-aria-disabled:hover:bg-sunken aria-disabled:cursor-default"
    >
      <span className="text-sm font-medium">
        <span className="sr-only">{verb} </span>
        {label}
      </span>{" "}
      <StateDot tone={tones[part.state]}>
        <span className="text-xs">{wordsOf(part)}</span>
      </StateDot>
    </button>
  );
}
