// Measures how cost grows: node perf/lab/scale.ts [rows | apis | workers | streams … | --write]; all of them take about
// four minutes. Prints a table and writes perf/report/scale.html, --write the table of docs/scaling.md, too. It judges
// nothing: limits are the budgets' business.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

import { main, Sentence } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";
import { mustBeLinux } from "../lib/proc.ts";
import type { Part } from "./scale/growth.ts";
import { document, markdown, text } from "./scale/page.ts";
import { apis, workers } from "./scale/processes.ts";
import { rows } from "./scale/rows.ts";
import { streams } from "./scale/streams.ts";

const FILES = 11_000;
// The streams keep this process, and what it starts, on one core: they come last.
const MEASURES: Record<string, () => Promise<Part | Part[]>> = { rows, apis, workers, streams };

await main(async () => {
  const wanted = process.argv.slice(2).filter((name) => name !== "--write");
  const unknown = wanted.find((name) => !(name in MEASURES));
  if (unknown) throw new Sentence(`There is ${Object.keys(MEASURES).join(", ")}, no ${unknown}.`);
  if (wanted.length > 0 && process.argv.includes("--write"))
    throw new Sentence("--write is for all of them: the page's table is of one run.");
  mustBeLinux(FILES);
  const parts: Part[] = [];
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const began = performance.now();
    const found = [await measure()].flat();
    parts.push(...found);
    console.log(`${text(found)}\n  (${((performance.now() - began) / 1_000).toFixed(0)} s)\n`);
  }
  const folder = join(root, "perf", "report");
  const [{ model } = { model: "an unknown processor" }] = cpus();
  const when = new Date().toISOString().slice(0, 16).replace("T", " ");
  const where = `Measured ${when} UTC on ${cpus().length} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GB.`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "scale.html"), document(parts, where));
  if (process.argv.includes("--write")) write(`${where}\n\n${markdown(parts)}`);
  console.log(`The plots: ${join(folder, "scale.html")}`);
});

/** Puts the table between the two marks of the page. */
function write(table: string): void {
  const file = join(root, "docs", "scaling.md");
  const marks = /(<!-- measured -->\n)[\s\S]*?(<!-- \/measured -->)/;
  const written = readFileSync(file, "utf8");
  if (!marks.test(written)) throw new Sentence(`${file} has no place for the table.`);
  writeFileSync(
    file,
    written.replace(marks, (_, begin: string, end: string) => `${begin}${table}\n${end}`),
  );
}
