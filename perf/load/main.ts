// `make perf-load PROFILE=smoke`: a load as perf/load/profiles.json says it, on a stack of its own or at BASE_URL=.
// EMAIL= and PASSWORD= for an account that is there; else accounts are made, and erased at the end.
// Exits with 1 when a budget is missed, when something could not be measured, or when a server died.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { main } from "../../scripts/lib/errors.ts";
import { type Budget, given, judged, mustBeMet, type Verdict } from "../lib/budgets.ts";
import { table } from "../lib/table.ts";
import { mustHaveK6, reports } from "./k6.ts";
import { type Loaded, resultsOf, rowOf, rowsOf, settingsOf, underLoad } from "./load.ts";
import { lengthOf, type Profile, profileOf } from "./profiles.ts";
import { Site } from "./site.ts";
import { stagesTable } from "./stages.ts";

/** What only holds where we say how fast tasks are written. */
const OURS = new Set(["load-stream-wait", "load-stream-over"]);
const ALWAYS = new Set(["load-failed", "load-late", "load-socket-gaps", "load-stream-gaps"]);
/** Rows that have a sample for each of what another row makes come. */
const WITH: Record<string, string> = {
  "load-socket-opened": "load-socket-gaps",
  "load-stream-opened": "load-stream-gaps",
  "load-stream-wait": "load-stream-gaps",
  "load-stream-over": "load-stream-gaps",
};
/** A rate is a mean: not every stage has the last one of its share. */
const MOST = 0.9;

await main(async () => {
  mustHaveK6();
  const name = process.env["PROFILE"] || "smoke";
  const profile = profileOf(name);
  const rows = rowsOf();
  const address = process.env["BASE_URL"];
  const site = address ? await Site.at(address) : await Site.own(settingsOf(rows));
  let ended: Promise<void> | null = null;
  const end = () => (ended ??= site.end());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => void end().then(() => process.exit(130)));
  try {
    console.log(`${name} at ${site.url}, ${lengthOf(profile.stages)} s: ${profile.what}`);
    const loaded = await underLoad({ site, rows, profile: name, stages: profile.stages });
    const verdicts = verdictsOf(loaded, rows, profile, site.stack !== null);
    console.log(`\n${stagesTable(loaded, rows, profile.stages)}\n`);
    console.log(`Between two tokens of a stream (p99 ${loaded.waits.percentile(99).toFixed(0)} ms):`);
    console.log(`${loaded.waits.lines.join("\n")}\n\n${table(verdicts)}\n`);
    keep(name, site, loaded, verdicts);
    mustBeMet(verdicts);
  } finally {
    await end();
  }
});

function verdictsOf(
  loaded: Loaded,
  rows: ReadonlyMap<string, Budget>,
  { stages, latencies }: Profile,
  isOurs: boolean,
): Verdict[] {
  const last = stages.at(-1)!;
  const from = latencies === "last" ? lengthOf(stages) - last.seconds : 0;
  const results = resultsOf(loaded, rows, from);
  const judgedStages = latencies === "last" ? [last] : stages;
  return [...rows.values()]
    .filter(({ id }) => ALWAYS.has(id) || (latencies !== "none" && (isOurs || !OURS.has(id))))
    .map((row) => {
      const of = ALWAYS.has(row.id) ? stages : judgedStages;
      return judged({ ...row, samples: samplesOf(row.id, rows, of) }, results[row.id]);
    });
}

/** How many samples there have to be, at these rates. */
function samplesOf(id: string, rows: ReadonlyMap<string, Budget>, stages: Profile["stages"]): number {
  const row = rowOf(rows, WITH[id] ?? id);
  if (row.given["perSecond"] === undefined) return 1;
  const share = stages.reduce((sum, { times, seconds }) => sum + times * seconds, 0);
  return Math.max(1, Math.floor(given(row, "perSecond") * (row.given["readers"] ?? 1) * share * MOST));
}

/** For machines: beside k6's own summary. */
function keep(name: string, site: Site, { waits, witnesses }: Loaded, verdicts: readonly Verdict[]): void {
  const judgements = verdicts.map(({ budget, measured, failure, note, samples }) => ({
    ...{ id: budget.id, unit: budget.unit, limit: budget.limit, percentile: budget.percentile },
    ...{ measured, failure, note, samples: samples.length },
  }));
  const report = { profile: name, url: site.url, at: new Date().toISOString(), judgements, waits: waits.told };
  const file = join(reports, `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ ...report, streams: witnesses.length }, null, 2)}\n`);
}
