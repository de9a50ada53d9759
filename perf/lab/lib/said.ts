// Numbers, dates and comparisons for people, on the screen and on the page.
import type { Comparison } from "./compare.ts";
import type { Run } from "./run.ts";

/** Three digits that count. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 100_000) return value.toLocaleString("en", { maximumFractionDigits: 0 });
  return value.toFixed(size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
}

/** `+12.3 %`, with a true minus. */
function share(value: number): string {
  if (!Number.isFinite(value)) return "from nothing";
  const percent = value * 100;
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(Math.abs(percent) >= 100 ? 0 : 1)} %`;
}

export const day = (at: string): string => at.slice(0, 16).replace("T", " ");

export const commit = ({ commit, dirty }: Run): string =>
  `${commit?.slice(0, 7) ?? "no commit"}${dirty ? " and changes" : ""}`;

/** What the number judged is called, where it isn't the median. */
export const which = (percentile: number): string => (percentile === 50 ? "" : ` (p${percentile})`);

/** In which direction it went, as seen by who reads the number: the limit may be on either side. */
export function change({ row, worse }: Comparison): string {
  if (worse === null) return "";
  return share(row.is === "at most" ? worse : -worse);
}

export function table(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((found) => {
    const { row, base, verdict, because } = found;
    const value = (measured: number | null | undefined): string =>
      typeof measured === "number" ? `${number(measured)} ${row.unit}` : "-";
    return [
      row.id + which(row.percentile),
      value(base?.row.measured),
      value(row.measured),
      change(found),
      verdict,
      because,
    ];
  });
  const all = [["budget", "before", "now", "change", "verdict", "because"], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: string[]): string => row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ");
  return all.map((row) => line(row).trimEnd()).join("\n");
}
