// How much, and how much time it may take: rows of perf/budgets.json, or of what the runner made of them.
interface Row {
  id: string;
  limit: number;
  is: "at most" | "at least";
  percentile?: number;
  given: Record<string, number>;
}

/** A part of the load: `times` the rates of the rows, for so many seconds. */
export interface Stage {
  times: number;
  seconds: number;
}

const rows = JSON.parse(open(__ENV["BUDGETS"] ?? import.meta.resolve("../budgets.json"))) as Row[];
const profiles = JSON.parse(open(import.meta.resolve("../load/profiles.json"))) as Record<
  string,
  { stages: Stage[]; latencies: "all" | "last" | "none" }
>;

const name = __ENV["PROFILE"] ?? "smoke";
const profile = profiles[name];
if (!profile) throw new Error(`There is no profile ${name}: ${Object.keys(profiles).join(", ")}.`);

export const stages: readonly Stage[] = __ENV["STAGES"] ? (JSON.parse(__ENV["STAGES"]) as Stage[]) : profile.stages;
/** Whether every latency counts: k6's own thresholds can't leave out a part of the time. */
export const judgesLatencies = profile.latencies === "all";
export const lasts = stages.reduce((sum, { seconds }) => sum + seconds, 0);

export function row(id: string): Row {
  const found = rows.find((each) => each.id === id);
  if (!found) throw new Error(`There is no budget ${id}.`);
  return found;
}

export function given(id: string, what: string): number {
  const value = row(id).given[what];
  if (value === undefined) throw new Error(`The budget ${id} doesn't give ${what}.`);
  return value;
}
