// The verdicts for people: on the screen, and as the table of docs/performance.md.
import type { Verdict } from "./budgets.ts";

const number = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);

function cells({ budget, measured, samples, note, failure }: Verdict): string[] {
  const which = budget.percentile === 50 ? "" : ` (p${budget.percentile})`;
  return [
    budget.what + which,
    `${budget.is} ${budget.limit} ${budget.unit}`,
    measured === null ? "-" : `${number(measured)} ${budget.unit}`,
    String(samples),
    failure ?? "met",
    note,
  ];
}

const HEAD = ["budget", "goal", "measured", "samples", "verdict", "beside it"];

export function table(verdicts: readonly Verdict[]): string {
  const rows = [HEAD, ...verdicts.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function markdown(verdicts: readonly Verdict[]): string {
  const rows = [HEAD, HEAD.map(() => "---"), ...verdicts.map(cells)];
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}
