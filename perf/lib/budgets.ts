// The budgets: what may not be exceeded, and the verdict over what was measured. Limits stand in the file only.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";

import { Sentence } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";

interface Change {
  limit?: number;
  samples?: number;
  given?: Record<string, number>;
}

export interface Budget {
  id: string;
  what: string;
  unit: string;
  limit: number;
  is: "at most" | "at least";
  /** Which of the samples is judged, of 100; the median where the row doesn't say. */
  percentile: number;
  /** As many have to be measured, or there is no verdict but failure. */
  samples: number;
  /** What the measurement is given: numbers of clients, rates, seconds. */
  given: Record<string, number>;
  /** What `--quick` changes of all that; rows without it are left out there. */
  quick: Change | null;
  /** What the smallest run that still gives samples is given; else that of `quick`, else the row's own. */
  least: Omit<Change, "limit"> | null;
  /** perf/commands/<command>.ts */
  command: string;
  why: string;
}

export interface Result {
  /** All that was measured, in the budget's unit. */
  samples: readonly number[];
  /** What else was seen, for people. */
  note?: string;
}

export interface Verdict {
  budget: Budget;
  measured: number | null;
  samples: readonly number[];
  note: string;
  /** Null when the goal is met, else why not. */
  failure: string | null;
}

const folder = join(root, "perf");
const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(join(folder, "budgets.schema.json"), "utf8")) as object,
);

/** The rows of `text`. Throws a sentence with all that isn't as the schema says, and on an id that comes twice. */
export function parseBudgets(text: string): Budget[] {
  const rows: unknown = JSON.parse(text);
  if (!validate(rows)) throw new Sentence((validate.errors ?? []).map((error) => said(error, rows)).join("\n"));
  const budgets = (rows as Partial<Budget>[]).map(complete);
  for (const { id } of budgets)
    if (budgets.filter((each) => each.id === id).length > 1) throw new Sentence(`The budget ${id} is there twice.`);
  return budgets;
}

const complete = (row: Partial<Budget>): Budget =>
  Object.assign({ percentile: 50, quick: null, least: null }, row) as Budget;

/** An error by the budget's id, where it has one. */
function said({ instancePath, message, params }: ErrorObject, rows: unknown): string {
  const [, index, ...path] = instancePath.split("/");
  const id: unknown = Array.isArray(rows) ? (rows[Number(index)] as { id?: unknown } | null)?.id : undefined;
  const name = typeof id === "string" ? id : `number ${Number(index) + 1}`;
  const unknown = (params as { additionalProperty?: string }).additionalProperty;
  const what = unknown === undefined ? message : `there is no field ${unknown}`;
  return index === undefined ? `The budgets: ${message}.` : `The budget ${[name, ...path].join(", ")}: ${what}.`;
}

export const readBudgets = (): Budget[] => parseBudgets(readFileSync(join(folder, "budgets.json"), "utf8"));

/** Which rows, and how: `full` as they are, `quick` those that have it, `least` the smallest run of each. */
export interface Choice {
  size: "full" | "quick" | "least";
  /** All where there are none. */
  commands?: readonly string[];
  /** All where there are none. */
  ids?: readonly string[];
}

/** The rows of a choice. Throws a sentence on an unknown command or id, and when none is left. */
export function chosen(budgets: readonly Budget[], { size, commands = [], ids = [] }: Choice): Budget[] {
  const known = new Set(budgets.map(({ command }) => command));
  const stranger = commands.find((command) => !known.has(command));
  if (stranger !== undefined) throw new Sentence(`There is no command ${stranger}: ${[...known].join(", ")}.`);
  const own = budgets.filter(({ command }) => commands.length === 0 || commands.includes(command));
  for (const id of ids)
    if (!own.some((budget) => budget.id === id))
      throw new Sentence(`There is no budget ${id}: ${own.map((budget) => budget.id).join(", ")}.`);
  const sized = own
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .flatMap((budget) => {
      const change = size === "full" ? {} : size === "quick" ? budget.quick : (budget.least ?? budget.quick ?? {});
      return change ? [{ ...budget, ...change, given: { ...budget.given, ...change.given } }] : [];
    });
  if (sized.length === 0) throw new Sentence("None of these budgets is part of the quick run.");
  return sized;
}

/** A budget's number by name. Throws a sentence where the file doesn't give it. */
export function given({ id, given }: Budget, name: string): number {
  const value = given[name];
  if (value === undefined) throw new Sentence(`The budget ${id} doesn't give ${name}.`);
  return value;
}

/** The smallest sample that so many of 100 are not above. */
export function percentile(samples: readonly number[], of: number): number {
  const sorted = Float64Array.from(samples).toSorted();
  return sorted[Math.max(0, Math.ceil((of / 100) * sorted.length) - 1)] ?? NaN;
}

/** `because` says why there are no samples. */
export function judged(budget: Budget, result: Result | undefined, because = ""): Verdict {
  const samples = result?.samples ?? [];
  const measured = samples.length > 0 ? percentile(samples, budget.percentile) : null;
  return {
    budget,
    measured,
    samples,
    note: result?.note ?? "",
    failure: failureOf(budget, samples, measured, because),
  };
}

/** How far inside its limit a budget is, of the limit, in percent; below zero when it was missed. */
export function marginOf({ budget: { limit, is }, measured }: Verdict): number | null {
  if (measured === null || limit === 0) return null;
  return ((is === "at most" ? limit - measured : measured - limit) / limit) * 100;
}

/** Throws what was missed. */
export function mustBeMet(verdicts: readonly Verdict[]): void {
  const missed = verdicts.filter(({ failure }) => failure !== null);
  if (missed.length > 0)
    throw new Sentence(
      `Goals not met: ${missed.map(({ budget, failure }) => `${budget.id} (${failure})`).join(", ")}.`,
    );
}

function failureOf(
  budget: Budget,
  samples: readonly number[],
  measured: number | null,
  because: string,
): string | null {
  if (measured === null) return because ? `not measured: ${because}` : "not measured";
  if (samples.length < budget.samples) return `${samples.length} samples of ${budget.samples}`;
  if (samples.some((sample) => !Number.isFinite(sample))) return "not a number";
  const met = budget.is === "at most" ? measured <= budget.limit : measured >= budget.limit;
  return met ? null : "missed";
}
