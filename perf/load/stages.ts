// How a load went, stage by stage: where it is more than the site carries.
import { type Budget, percentile } from "../lib/budgets.ts";
import { type Loaded, resultsOf } from "./load.ts";
import type { Stage } from "./profiles.ts";

const COLUMNS: readonly [name: string, id: string][] = [
  ["list", "load-list"],
  ["read", "load-read"],
  ["create", "load-create"],
  ["cancel", "load-cancel"],
  ["socket", "load-socket-opened"],
  ["stream", "load-stream-opened"],
  ["wait", "load-stream-wait"],
];

/** The p95 of what began in each stage, in milliseconds. */
export function stagesTable(loaded: Loaded, rows: ReadonlyMap<string, Budget>, stages: readonly Stage[]): string {
  let at = 0;
  const lines = stages.map(({ times, seconds }) => {
    const results = resultsOf(loaded, rows, at, at + seconds);
    const streams = results["load-stream-opened"]!.samples.length;
    const requests = ["load-list", "load-read", "load-create", "load-cancel"]
      .map((id) => results[id]!.samples.length)
      .reduce((sum, count) => sum + count, 0);
    at += seconds;
    const p95 = COLUMNS.map(([, id]) => {
      const { samples } = results[id]!;
      return samples.length > 0 ? percentile(samples, 95).toFixed(0) : "-";
    });
    return [`× ${times}`, `${seconds} s`, String(requests), String(streams), ...p95];
  });
  const head = ["load", "for", "requests", "streams", ...COLUMNS.map(([name]) => name)];
  const widths = head.map((name, column) => Math.max(name.length, ...lines.map((line) => line[column]!.length)));
  const text = [head, ...lines].map((line) => line.map((cell, column) => cell.padStart(widths[column]!)).join("  "));
  return ["p95, in ms, of what began in each stage:", ...text].join("\n");
}
