// One measurement gives several rows: its median and its 95th percentile, on the processor as it is and on a slow one.
import { type Budget, given, type Result } from "../lib/budgets.ts";

type Suffix = "" | "-p95" | "-slow" | "-slow-p95";

interface Figure<T> {
  rows: readonly Suffix[];
  of: (run: T) => number;
}

export type Figures<T> = Record<string, Figure<T>>;

export const idsOf = (figures: Record<string, Pick<Figure<never>, "rows">>): string[] =>
  Object.entries(figures).flatMap(([name, { rows }]) => rows.map((suffix) => name + suffix));

export interface Group {
  throttle: number;
  /** As many as the row with most samples needs. */
  runs: number;
  rows: readonly [Budget, ...Budget[]];
}

/** Rows that one series of runs answers: those with the same processor. */
export function byConditions(budgets: readonly Budget[]): Group[] {
  const groups = Map.groupBy(budgets, (budget) => given(budget, "throttle"));
  return [...groups].map(([throttle, rows]) => ({
    throttle,
    rows: rows as [Budget, ...Budget[]],
    runs: Math.max(...rows.map(({ samples }) => samples)),
  }));
}

export function resultsOf<T>(rows: readonly Budget[], figures: Figures<T>, runs: readonly T[]): Record<string, Result> {
  return Object.fromEntries(
    rows.map(({ id }) => {
      const { of } = figures[id.replace(/(-slow)?(-p95)?$/, "")]!;
      return [id, { samples: runs.map(of) }];
    }),
  );
}
