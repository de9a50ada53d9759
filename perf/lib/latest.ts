// What a run leaves: .data/perf/latest.json, which the archive and the report page read.
import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { stackFolder } from "../../scripts/lib/paths.ts";
import { marginOf, type Verdict } from "./budgets.ts";
import { commitNow, machineNow, versionsNow } from "./machine.ts";

const LATEST = `${stackFolder("perf")}/latest.json`;
/** Digits of a sample: more than any of them has meaning. */
const DIGITS = 6;

/** Before a run: one that is cut leaves nothing that could be taken for it. */
export const removeLatest = (): void => rmSync(LATEST, { force: true });

/** `seconds` is what the whole run took. */
export function writeLatest(verdicts: readonly Verdict[], quick: boolean, seconds: number): void {
  const run = {
    version: 1,
    id: randomUUID(),
    at: new Date().toISOString(),
    ...commitNow(),
    quick,
    machine: machineNow(),
    versions: versionsNow(),
    seconds: rounded(seconds),
    verdicts: verdicts.map((verdict) => {
      const { budget, measured, failure, note } = verdict;
      const { id, what, unit, limit, is, percentile, given, command, why } = budget;
      const samples = verdict.samples.map(rounded);
      const margin = marginOf(verdict);
      const row = { id, what, unit, limit, is, percentile, given, command, why };
      return { ...row, samples, measured, margin, failure, note };
    }),
  };
  mkdirSync(dirname(LATEST), { recursive: true });
  writeFileSync(`${LATEST}.new`, JSON.stringify(run));
  renameSync(`${LATEST}.new`, LATEST);
}

const rounded = (sample: number): number => Number(sample.toPrecision(DIGITS));
