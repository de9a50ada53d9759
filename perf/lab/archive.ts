// Keeps the last run: node perf/lab/archive.ts; ARCHIVE=<folder>, KEEP=<runs of each kind of machine>,
// ACCEPT=<id>,<id> for what became slower on purpose: it is what later runs are compared with.
import { main, Sentence } from "../../scripts/lib/errors.ts";
import { archiveFolder, keep, prune, readArchive } from "./lib/archive.ts";
import { compared, type Move } from "./lib/compare.ts";
import { latestRun } from "./lib/run.ts";

/** A run is up to some hundred kilobytes. */
const MOST = 200;

await main(() => {
  const folder = archiveFolder();
  const most = Number(process.env["KEEP"] || MOST);
  if (!Number.isInteger(most) || most < 1) throw new Sentence("KEEP is a number of runs, at least 1.");
  const run = latestRun();

  const accepted = (process.env["ACCEPT"] ?? "").split(",").filter((id) => id !== "");
  const moved: Record<string, Move> = {};
  for (const { row, verdict } of compared(run, readArchive(folder)))
    if (verdict === "regressed" || verdict === "improved") moved[row.id] = verdict;
  for (const id of accepted) {
    if (moved[id] !== "regressed") throw new Sentence(`${id} has not regressed: there is nothing to accept.`);
    moved[id] = "accepted";
  }

  const { file, isNew } = keep(folder, { run, moved }, accepted.length > 0);
  const dropped = prune(folder, most);
  console.log(`${isNew ? "Kept" : "Was kept already"}: ${file}`);
  for (const [id, move] of Object.entries(moved)) console.log(`  ${id} ${move}`);
  if (dropped.length > 0) console.log(`Dropped the oldest: ${dropped.join(", ")}`);
  return Promise.resolve();
});
