// Whether two lots of samples differ, and by how much: Mann-Whitney, a bootstrap of percentiles, and what a series
// of runs lets expect of the next.
import { beta, random } from "./random.ts";

export const sorted = (samples: readonly number[]): Float64Array => Float64Array.from(samples).toSorted();

/** Which of `count` sorted samples is the smallest that so many of 100 are not above; the runner's own definition. */
const place = (count: number, of: number): number => Math.max(1, Math.ceil((of / 100) * count));

export const percentile = (ordered: Float64Array, of: number): number => ordered[place(ordered.length, of) - 1] ?? NaN;

export const median = (samples: readonly number[]): number => percentile(sorted(samples), 50);

/** Student's t that one in a thousand exceeds, by degrees of freedom from 4 on. */
const T = [
  ...[7.173, 5.893, 5.208, 4.785, 4.501, 4.297, 4.144, 4.025],
  ...[3.93, 3.852, 3.787, 3.733, 3.686, 3.646, 3.61, 3.579],
];

/** As many values of a series tell how much it scatters, and as many are looked at. */
export const FEWEST_OF_SERIES = 5;
export const MOST_OF_SERIES = T.length + FEWEST_OF_SERIES - 1;

/**
 * Where the next value of a series lies but for one in a thousand on either side (a prediction interval), or null where
 * the series is too short to say.
 */
export function nextOf(series: readonly number[]): { mean: number; reach: number } | null {
  const values = series.slice(-MOST_OF_SERIES);
  const t = T[values.length - FEWEST_OF_SERIES];
  if (t === undefined) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, reach: t * Math.sqrt(variance * (1 + 1 / values.length)) };
}

/** So many ways of dealing the samples into two lots are counted one by one; above, the normal curve is near enough. */
const MOST_DEALT = 20_000;

/**
 * How likely `larger` would be as far above `smaller` by chance alone (one-sided, Mann-Whitney). Exact for few samples,
 * ties included.
 */
export function mannWhitney(larger: readonly number[], smaller: readonly number[]): number {
  const { ranks, ties } = ranked([...larger, ...smaller]);
  const sum = ranks.slice(0, larger.length).reduce((sum, rank) => sum + rank, 0);
  if (ways(ranks.length, larger.length) <= MOST_DEALT) return shareAtLeast(ranks, larger.length, sum);
  const [a, b, all] = [larger.length, smaller.length, ranks.length];
  const variance = ((a * b) / 12) * (all + 1 - ties / (all * (all - 1)));
  if (variance === 0) return 1;
  return 1 - normalShare((sum - (a * (all + 1)) / 2 - 0.5) / Math.sqrt(variance));
}

function ranked(samples: readonly number[]): { ranks: number[]; ties: number } {
  const order = samples.map((_, index) => index).toSorted((a, b) => samples[a]! - samples[b]!);
  const ranks = samples.map(() => 0);
  let ties = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && samples[order[to]!] === samples[order[from]!]) to++;
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + 1 + to) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

function ways(of: number, chosen: number): number {
  let count = 1;
  for (let step = 1; step <= chosen; step++) count = (count * (of - chosen + step)) / step;
  return count;
}

/** Of all choices of so many ranks, the share whose sum is at least `sum`. */
function shareAtLeast(ranks: readonly number[], chosen: number, sum: number): number {
  let reached = 0;
  const choose = (from: number, left: number, needed: number): void => {
    if (left === 0) {
      if (needed <= 1e-9) reached++;
      return;
    }
    for (let at = from; at <= ranks.length - left; at++) choose(at + 1, left - 1, needed - ranks[at]!);
  };
  choose(0, chosen, sum);
  return reached / ways(ranks.length, chosen);
}

/** The share of the normal distribution below `z` (Abramowitz and Stegun 26.2.17; off by less than 1e-7). */
function normalShare(z: number): number {
  if (z < 0) return 1 - normalShare(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}

/**
 * Between which differences of the percentile (`now` less `before`) the truth lies, with so much certainty on either
 * side, by `rounds` resamples of both. A resample's percentile is the k-th of n draws, whose place among the sorted
 * samples is beta-distributed, so that none has to be drawn in full: 30,000 samples cost as little as 30.
 */
export function difference(
  now: readonly number[],
  before: readonly number[],
  { percentile: of, certainty, rounds = 2000 }: { percentile: number; certainty: number; rounds?: number },
): [least: number, most: number] {
  const next = random(20_000 + now.length + before.length);
  const resampled = (ordered: Float64Array): number => {
    const k = place(ordered.length, of);
    return ordered[Math.min(ordered.length - 1, Math.floor(beta(k, ordered.length - k + 1, next) * ordered.length))]!;
  };
  const [after, earlier] = [sorted(now), sorted(before)];
  const seen = Float64Array.from({ length: rounds }, () => resampled(after) - resampled(earlier)).toSorted();
  return [percentile(seen, 100 - certainty), percentile(seen, certainty)];
}
