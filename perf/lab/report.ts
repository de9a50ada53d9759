// Writes the page of the last run, perf/report/index.html: node perf/lab/report.ts; LATEST=<file> for another run,
// ARCHIVE=<folder> for the runs before it.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { main } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";
import { archiveFolder, readArchive } from "./lib/archive.ts";
import { latestRun } from "./lib/run.ts";
import { report } from "./page/report.ts";

const file = join(root, "perf", "report", "index.html");

await main(() => {
  // Where there is no run, no page of another one is taken for it.
  rmSync(file, { force: true });
  const document = report(latestRun(), readArchive(archiveFolder()));
  mkdirSync(join(root, "perf", "report"), { recursive: true });
  writeFileSync(`${file}.new`, document);
  renameSync(`${file}.new`, file);
  console.log(`The report: ${file}`);
  return Promise.resolve();
});
