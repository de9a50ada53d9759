// Measures the streams against their budgets: node perf/bench-streams.ts [--quick] [--write]; ONLY=<id> for one of them.
// Exits with 1 when a goal is missed, when something could not be measured, or when a server died.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { main, Sentence } from "../scripts/lib/errors.ts";
import { root } from "../scripts/lib/paths.ts";
import { Bench, type Measure } from "./lib/bench.ts";
import { chosen, judged, mustBeMet, readBudgets, type Result } from "./lib/budgets.ts";
import { mustBeLinux } from "./lib/proc.ts";
import { markdown, table } from "./lib/table.ts";
import { catchUp } from "./measures/catch-up.ts";
import { idle } from "./measures/idle.ts";
import { latency } from "./measures/latency.ts";
import { stalled } from "./measures/stalled.ts";
import { throughput } from "./measures/throughput.ts";
import { worker } from "./measures/worker.ts";

const MEASURES: readonly Measure[] = [idle, latency, catchUp, stalled, throughput, worker];
const FILES = 11_000;
const PAGE = join(root, "docs", "performance.md");

await main(async () => {
  const flags = process.argv.slice(2);
  const unknown = flags.find((flag) => flag !== "--quick" && flag !== "--write");
  if (unknown) throw new Sentence(`Usage: bench-streams.ts [--quick] [--write], not ${unknown}`);
  mustBeLinux(FILES);
  const budgets = chosen(readBudgets(), "bench-streams", process.env["ONLY"] || undefined, flags.includes("--quick"));
  const unmeasured = budgets.find(({ id }) => !MEASURES.some(({ ids }) => ids.includes(id)));
  if (unmeasured) throw new Sentence(`Nothing measures the budget ${unmeasured.id}.`);

  const results: Record<string, Result> = {};
  const bench = new Bench();
  const interrupted = () => void bench.end().then(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, interrupted);
  try {
    for (const measure of MEASURES) {
      const asked = budgets.filter(({ id }) => measure.ids.includes(id));
      if (asked.length === 0) continue;
      const began = performance.now();
      try {
        Object.assign(results, await measure.run(bench, asked));
      } catch (error) {
        console.error(error instanceof Sentence ? error.message : error); // its rows stay without samples
      }
      console.log(`  ${asked.map(({ id }) => id).join(", ")}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
    }
  } finally {
    await bench.end();
  }

  const verdicts = budgets.map((budget) => judged(budget, results[budget.id]));
  console.log(`\n${table(verdicts)}\n`);
  if (flags.includes("--write")) write(markdown(verdicts));
  mustBeMet(verdicts);
});

/** Puts the table between the two marks of the page. */
function write(rows: string): void {
  const marks = /(<!-- measured -->\n)[\s\S]*?(<!-- \/measured -->)/;
  const page = readFileSync(PAGE, "utf8");
  if (!marks.test(page)) throw new Sentence(`${PAGE} has no place for the table.`);
  writeFileSync(
    PAGE,
    page.replace(marks, (_, begin: string, end: string) => `${begin}${rows}\n${end}`),
  );
}
