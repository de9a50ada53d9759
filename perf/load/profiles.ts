// The profiles of a load (profiles.json): how its rates, which are the budgets', change with time.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Sentence } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";

/** `times` the rates of the budgets, for so many seconds. */
export interface Stage {
  times: number;
  seconds: number;
}

export interface Profile {
  what: string;
  stages: Stage[];
  /** Whose latencies are judged: all, those of the last stage, or none. What has to hold always is judged always. */
  latencies: "all" | "last" | "none";
}

const profiles = (): Record<string, Profile> =>
  JSON.parse(readFileSync(join(root, "perf", "load", "profiles.json"), "utf8")) as Record<string, Profile>;

/** Throws a sentence where there is no such profile. */
export function profileOf(name: string): Profile {
  const all = profiles();
  const profile = all[name];
  if (!profile) throw new Sentence(`There is no profile ${name}: ${Object.keys(all).join(", ")}.`);
  return profile;
}

export const lengthOf = (stages: readonly Stage[]): number => stages.reduce((sum, { seconds }) => sum + seconds, 0);
