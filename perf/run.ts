// Measures the budgets and fails over them: node perf/run.ts [command …] [--quick] [--write]; ONLY=<id>,… for some.
// For perf/prove.ts: --least (the smallest run) and --plant (each command with its fault).
// Exits with 1 when a limit is missed, when something could not be measured, or when a server died.
import { main, Sentence } from "../scripts/lib/errors.ts";
import { chosen, mustBeMet, readBudgets } from "./lib/budgets.ts";
import { removeLatest, writeLatest } from "./lib/latest.ts";
import { writePage } from "./lib/page.ts";
import { describe, verdictsOf } from "./lib/runner.ts";
import { table } from "./lib/table.ts";

const FLAGS = ["--quick", "--least", "--plant", "--write"];

await main(async () => {
  const flags = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
  const commands = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
  const unknown = flags.find((flag) => !FLAGS.includes(flag));
  if (unknown) throw new Sentence(`Usage: run.ts [command …] [${FLAGS.join("] [")}], not ${unknown}`);
  const [quick, least, plant, write] = FLAGS.map((flag) => flags.includes(flag));
  const ids = (process.env["ONLY"] ?? "").split(",").filter((id) => id !== "");
  if (write && (quick || least || plant || ids.length > 0))
    throw new Sentence("The page shows whole commands as they are measured without --quick, --least, --plant or ONLY.");

  const began = performance.now();
  if (!least && !plant) removeLatest();
  const all = readBudgets();
  await describe(all);
  const budgets = chosen(all, { size: least ? "least" : quick ? "quick" : "full", commands, ids });
  const verdicts = await verdictsOf(budgets, plant);

  const seconds = (performance.now() - began) / 1000;
  console.log(`\n${table(verdicts)}\n\n${seconds.toFixed(0)} s\n`);
  if (!least && !plant) writeLatest(verdicts, quick ?? false, seconds);
  if (write) writePage(verdicts);
  mustBeMet(verdicts);
});
