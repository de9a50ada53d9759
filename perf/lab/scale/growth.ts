// How a cost grows: what was measured for each size, and the slope that was expected of it.

export interface Point {
  size: number;
  value: number;
}

/** One cost. On two logarithmic axes y = a·x^slope is a line: 0 is flat, 1 grows as fast as the size does. */
export interface Growth {
  what: string;
  unit: string;
  expected: number;
  points: Point[];
}

/** Costs over the same sizes. */
export interface Part {
  id: string;
  title: string;
  /** What the size counts. */
  of: string;
  growths: Growth[];
  notes: string[];
}

/** What a size costs beyond nothing at all: for costs that stand on a base, such as a process's memory at rest. */
export function beyond(points: readonly Point[], base: number): Point[] {
  return points.map(({ size, value }) => ({ size, value: value - base })).filter(({ value }) => value > 0);
}

/**
 * The slope of the points by least squares on two logarithmic axes; NaN where there are fewer than two. Of more than
 * three the larger half counts: what is asked is where it goes.
 */
export function slope(points: readonly Point[]): number {
  const sorted = points.filter(({ value }) => value > 0).toSorted((one, other) => one.size - other.size);
  const kept = sorted.slice(-Math.max(3, Math.ceil(sorted.length / 2)));
  if (kept.length < 2) return NaN;
  const logs = kept.map(({ size, value }) => [Math.log(size), Math.log(value)] as const);
  const x = mean(logs.map(([each]) => each));
  const y = mean(logs.map(([, each]) => each));
  const up = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return up / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
