// The verdicts for people: on the screen, and as the tables of docs/performance.md.
import { marginOf, type Verdict } from "./budgets.ts";

const number = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);

function cells(verdict: Verdict): string[] {
  const { budget, measured, samples, note, failure } = verdict;
  const which = budget.percentile === 50 ? "" : ` (p${budget.percentile})`;
  const margin = marginOf(verdict);
  return [
    budget.what + which,
    `${budget.is} ${budget.limit} ${budget.unit}`,
    measured === null ? "-" : `${number(measured)} ${budget.unit}`,
    margin === null ? "-" : `${margin.toFixed(0)} %`,
    String(samples.length),
    failure ?? "met",
    note,
  ];
}

const HEAD = ["budget", "limit", "measured", "margin", "samples", "verdict", "beside it"];

/** Of plain text, in columns. */
export function columns(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function table(verdicts: readonly Verdict[]): string {
  const named = verdicts.map((verdict) => [verdict.budget.id, ...cells(verdict)]);
  return columns([["id", ...HEAD], ...named]);
}

export function markdown(verdicts: readonly Verdict[]): string {
  const rows = [HEAD, HEAD.map(() => "---"), ...verdicts.map(cells)];
  return rows.map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}
