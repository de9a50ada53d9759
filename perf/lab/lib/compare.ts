// A run against the last good one of the same kind of machine: what became worse by more than noise.
import type { Row, Run } from "./run.ts";
import { difference, FEWEST_OF_SERIES, mannWhitney, MOST_OF_SERIES, nextOf } from "./statistics.ts";

/** What the archive holds: a run, and which of its budgets had moved when it was kept. */
export interface Kept {
  run: Run;
  /** "regressed" is no base for later runs; with "improved" and "accepted" the budget's series begins anew. */
  moved: Record<string, Move>;
}

export type Move = "regressed" | "improved" | "accepted";

export interface Measurement {
  run: Run;
  row: Row;
}

export interface Comparison {
  row: Row;
  /** The last good run that measured the same; null where there is none. */
  base: Measurement | null;
  /** How much worse, as a share of the base; negative is better. */
  worse: number | null;
  verdict: "regressed" | "improved" | "same" | "unclear" | "new" | "not measured";
  /** What the verdict rests on. */
  because: string;
}

/** Who is wrong by chance alone is so in one of a hundred, and then the runs' own scatter has to agree. */
const CHANCE = 0.01;
/** Nobody would act on less. */
const LEAST = 0.05;
/** Nor on so little of the limit: what was almost nothing may become twice that. */
const LEAST_OF_LIMIT = 0.01;
/**
 * While it isn't known how much runs scatter: two runs of one commit differ by far more than their samples let expect
 * (5 % between runs, and samples alone cry wolf in 20 to 40 of 100).
 */
const LEAST_AT_FIRST = 0.3;
/** Fewer samples can't show what one in a hundred is. */
const FEWEST = 5;
const FEWEST_OF_TAIL = 20;

/** All budgets of `run` against what was kept of the same kind of machine before it. */
export function compared(run: Run, kept: readonly Kept[]): Comparison[] {
  const before = earlier(run, kept);
  return run.verdicts.map((row) => judged(row, seriesOf(row, before)));
}

/** Every measurement of one of `run`'s rows on the same kind of machine, good or not, up to and with `run`'s own. */
export function sameMeasurements(run: Run, row: Row, kept: readonly Kept[]): Measurement[] {
  return [...earlier(run, kept).map(({ run }) => run), run].flatMap((run) => {
    const same = run.verdicts.find((each) => each.id === row.id && isSameMeasurement(row, each));
    return same && same.measured !== null ? [{ run, row: same }] : [];
  });
}

/** What was kept of runs of the same kind before `run`, the oldest first. */
const earlier = (run: Run, kept: readonly Kept[]): Kept[] =>
  kept
    .filter((each) => each.run.machine.kind === run.machine.kind && each.run.quick === run.quick)
    .filter((each) => each.run.id !== run.id && Date.parse(each.run.at) < Date.parse(run.at))
    .toSorted((a, b) => Date.parse(a.run.at) - Date.parse(b.run.at));

/** The good measurements of the same budget, since it last moved, and the last of them. */
function seriesOf(row: Row, before: readonly Kept[]): Measurement[] {
  let series: Measurement[] = [];
  for (const { run, moved } of before) {
    const same = run.verdicts.find(({ id }) => id === row.id);
    if (!same || same.failure !== null || !isSameMeasurement(row, same)) continue;
    const move = moved[row.id];
    if (move === "regressed") continue;
    if (move !== undefined) series = [];
    series.push({ run, row: same });
  }
  return series.slice(-MOST_OF_SERIES);
}

function isSameMeasurement(a: Row, b: Row): boolean {
  const [of, other] = [a.given ?? {}, b.given ?? {}];
  const isSameGiven = Object.keys({ ...of, ...other }).every((name) => of[name] === other[name]);
  return a.unit === b.unit && a.is === b.is && a.percentile === b.percentile && isSameGiven;
}

function judged(row: Row, series: readonly Measurement[]): Comparison {
  const base = series.at(-1) ?? null;
  const bare = { row, base, worse: null };
  if (row.measured === null) return { ...bare, verdict: "not measured", because: row.failure ?? "no samples" };
  if (base === null) return { ...bare, verdict: "new", because: "no good run before it" };

  const values = series.map(({ row }) => row.measured!);
  const worse = toShare(step(row, base.row), base.row.measured!);
  const found = { row, base, worse };
  const { least, why } = leastStep(row, base.row, values);
  const size = Math.abs(step(row, base.row));
  if (size <= least) return { ...found, verdict: "same", because: `within ${why}` };
  const direction = step(row, base.row) > 0 ? 1 : -1;
  const runs = nextOf(values);
  if (runs && Math.abs(row.measured - runs.mean) <= runs.reach)
    return { ...found, verdict: "same", because: `within the scatter of ${values.length} runs` };
  const proof =
    bySamples(row, base.row, direction) ?? (runs && { sure: true, because: `outside ${values.length} runs` });
  if (!proof)
    return {
      ...found,
      verdict: "unclear",
      because: `${row.samples.length} samples and ${values.length} runs say nothing`,
    };
  if (!proof.sure) return { ...found, verdict: "same", because: proof.because };
  return { ...found, verdict: direction > 0 ? "regressed" : "improved", because: proof.because };
}

/** Above zero is worse, whichever side the limit is on. */
const step = (now: Row, base: Row): number => (now.measured! - base.measured!) * (now.is === "at most" ? 1 : -1);

const toShare = (step: number, base: number): number => (step === 0 ? 0 : step / Math.abs(base));

function leastStep(row: Row, base: Row, values: readonly number[]): { least: number; why: string } {
  const isKnown = values.length >= FEWEST_OF_SERIES;
  const share = isKnown ? LEAST : LEAST_AT_FIRST;
  return {
    least: Math.max(share * Math.abs(base.measured!), LEAST_OF_LIMIT * Math.abs(row.limit)),
    why: `${share * 100} %${isKnown ? "" : ", which counts until there are 5 runs"}`,
  };
}

/** What the samples of the two runs say, or null where they are too few. */
function bySamples(row: Row, base: Row, direction: 1 | -1): { sure: boolean; because: string } | null {
  const isHigher = direction > 0 === (row.is === "at most");
  const fewest = Math.min(row.samples.length, base.samples.length);
  if (row.percentile === 50) {
    if (fewest < FEWEST) return null;
    const chance = isHigher ? mannWhitney(row.samples, base.samples) : mannWhitney(base.samples, row.samples);
    return { sure: chance < CHANCE, because: `Mann-Whitney p ${chance < 0.0001 ? "< 0.0001" : chance.toFixed(4)}` };
  }
  if (fewest < FEWEST_OF_TAIL) return null;
  const [least, most] = difference(row.samples, base.samples, {
    percentile: row.percentile,
    certainty: 100 * (1 - CHANCE),
  });
  const interval = [least, most].map((edge) => `${edge > 0 ? "+" : ""}${edge.toPrecision(3)}`).join(" to ");
  return { sure: isHigher ? least > 0 : most < 0, because: `bootstrap ${interval} ${row.unit}` };
}
