// The last run against the last good one on the same kind of machine: node perf/lab/trend.ts; ARCHIVE=<folder>,
// LATEST=<file> for another run, FIRST=1 where there can't be an earlier one.
// Exits with 1 on a regression that is larger than the noise, on what wasn't measured, and where nothing could be
// compared: an archive that was lost on its way would else let everything pass.
import { main, Sentence } from "../../scripts/lib/errors.ts";
import { archiveFolder, readArchive } from "./lib/archive.ts";
import { compared } from "./lib/compare.ts";
import { latestRun } from "./lib/run.ts";
import { commit, day, table } from "./lib/said.ts";

await main(() => {
  const folder = archiveFolder();
  const run = latestRun();
  const found = compared(run, readArchive(folder));

  console.log(`${day(run.at)}, ${commit(run)}, on ${run.machine.kind}\n\n${table(found)}\n`);
  const failed = found.filter(({ verdict }) => verdict === "regressed" || verdict === "not measured");
  if (failed.length > 0)
    throw new Sentence(
      `Regressed, or not measured: ${failed.map(({ row, verdict }) => `${row.id} (${verdict})`).join(", ")}.`,
    );
  if (found.some(({ base }) => base !== null)) return Promise.resolve();
  if (process.env["FIRST"] !== "1")
    throw new Sentence(
      `Nothing to compare with: ${folder} holds no good run of this kind of machine before this one. ` +
        "make perf-archive keeps this one; FIRST=1 says that it is the first.",
    );
  console.log("The first run of its kind: there is nothing to compare it with.");
  return Promise.resolve();
});
