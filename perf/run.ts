// Measures the budgets and fails over them: node perf/run.ts [command …] [--quick] [--write]; ONLY=<id>,… for some.
// To try what perf/prove.ts does: --least (the smallest run) and --plant (each command's fault, on what fails by it).
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
  const [isQuick, isLeast, planted, isWritten] = FLAGS.map((flag) => flags.includes(flag));
  const ids = (process.env["ONLY"] ?? "").split(",").filter((id) => id !== "");
  const isReal = !isLeast && !planted;
  if (isWritten && (isQuick || !isReal || ids.length > 0))
    throw new Sentence("--write puts whole commands on the page: without --quick, --least, --plant and ONLY.");

  const began = performance.now();
  if (isReal) removeLatest();
  const all = readBudgets();
  const asked = chosen(all, { size: isLeast ? "least" : isQuick ? "quick" : "full", commands, ids });
  const isWhole = commands.length === 0 && ids.length === 0;
  const described = await describe(all, isWhole ? [] : asked.map(({ command }) => command));
  const budgets = asked.filter(({ id, command }) => !planted || described.get(command)!.fault.fails.includes(id));
  if (budgets.length === 0) throw new Sentence("None of these budgets has to fail by a fault.");
  const verdicts = await verdictsOf(budgets, { planted: planted === true });

  const seconds = (performance.now() - began) / 1000;
  console.log(`\n${table(verdicts)}\n\n${seconds.toFixed(0)} s\n`);
  if (isReal) writeLatest(verdicts, isQuick === true, seconds);
  if (isWritten) writePage(verdicts);
  mustBeMet(verdicts);
});
