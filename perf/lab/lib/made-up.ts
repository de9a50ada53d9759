// Runs for tests, with faults that are planted in them.
import { normal, random } from "./random.ts";
import type { Row, Run } from "./run.ts";
import { percentile, sorted } from "./statistics.ts";

interface Kind extends Pick<Row, "id" | "unit" | "limit" | "is" | "percentile"> {
  usual: number;
  count: number;
  /** How much its samples and its runs scatter, as a share. */
  within: number;
  between: number;
}

const KINDS: readonly Kind[] = [
  {
    id: "append",
    unit: "ms",
    limit: 15,
    is: "at most",
    percentile: 99,
    usual: 4,
    count: 2000,
    within: 0.2,
    between: 0.03,
  },
  {
    id: "ratio",
    unit: "times",
    limit: 35,
    is: "at least",
    percentile: 50,
    usual: 46,
    count: 5,
    within: 0.03,
    between: 0.03,
  },
  {
    id: "paint",
    unit: "ms",
    limit: 200,
    is: "at most",
    percentile: 95,
    usual: 90,
    count: 40,
    within: 0.1,
    between: 0.04,
  },
  { id: "image", unit: "MB", limit: 25, is: "at most", percentile: 50, usual: 21.4, count: 1, within: 0, between: 0 },
];

/** The same for the same number. `planted` multiplies what a budget's measurement gives. */
export function madeUp(number: number, planted: Record<string, number> = {}, changed: Partial<Run> = {}): Run {
  const next = random(number * 7919 + 1);
  return {
    version: 1,
    id: `run-${number}`,
    at: new Date(Date.UTC(2026, 10, 1, number)).toISOString(),
    commit: (0xabcdef0123 + number).toString(16).padStart(40, "0"),
    dirty: false,
    quick: false,
    machine: { kind: "linux-x64-2", cpu: "Made up at 3 GHz", cores: 2, memory: 8e9, kernel: "6.1.0" },
    versions: { node: "26.10.0", python: "3.11.2", postgres: "18.1", valkey: "9.0" },
    seconds: 610,
    verdicts: KINDS.map((kind) => {
      const level = kind.usual * (planted[kind.id] ?? 1) * Math.exp(kind.between * normal(next));
      const samples = Array.from({ length: kind.count }, () => level * Math.exp(kind.within * normal(next)));
      return verdict(kind, samples);
    }),
    ...changed,
  };
}

function verdict({ id, unit, limit, is, percentile: of }: Kind, samples: number[]): Row {
  const measured = percentile(sorted(samples), of);
  const isMet = is === "at most" ? measured <= limit : measured >= limit;
  return {
    ...{ id, what: `What ${id} takes`, unit, limit, is, percentile: of, command: "made-up", why: "It is a test." },
    ...{ given: { clients: 10 }, samples, measured, failure: isMet ? null : "missed", note: "" },
  };
}
