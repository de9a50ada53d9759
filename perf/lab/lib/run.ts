// A run of the budgets as its JSON says it. This is all that the lab knows of the runner.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Sentence } from "../../../scripts/lib/errors.ts";
import { root } from "../../../scripts/lib/paths.ts";

export interface Row {
  id: string;
  what: string;
  unit: string;
  limit: number;
  is: "at most" | "at least";
  /** Which of the samples is judged, of 100. */
  percentile: number;
  command: string;
  why: string;
  /** What the measurement was given: runs are compared only where that is the same. */
  given?: Record<string, number>;
  /** In the order they were measured in. */
  samples: number[];
  measured: number | null;
  /** Null when the goal was met. */
  failure: string | null;
  note: string;
}

export interface Run {
  version: 1;
  id: string;
  /** When it ended, in ISO 8601. */
  at: string;
  /** Null in a copy without history. */
  commit: string | null;
  dirty: boolean;
  quick: boolean;
  machine: { kind: string; cpu: string; cores: number; memory: number; kernel: string };
  versions: Record<string, string>;
  seconds: number;
  verdicts: Row[];
}

const latestFile = join(root, ".data", "perf", "latest.json");

/** The run that was measured last. Throws a sentence where there is none. */
export function latestRun(file = process.env["LATEST"] ?? latestFile): Run {
  if (!existsSync(file)) throw new Sentence(`There is no run to look at (${file}): make perf.`);
  return parseRun(readFileSync(file, "utf8"), file);
}

type Shape = { [field: string]: Test | Shape };
type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === "string" && value !== "";
const isNumber: Test = (value) => typeof value === "number" && Number.isFinite(value);
const isFlag: Test = (value) => typeof value === "boolean";
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const each =
  (test: Test): Test =>
  (value) =>
    isRecord(value) && Object.values(value).every(test);
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);

const RUN: Shape = {
  version: (value) => value === 1,
  id: isText,
  at: (value) => isText(value) && Number.isFinite(Date.parse(String(value))),
  commit: orNull(isText),
  dirty: isFlag,
  quick: isFlag,
  machine: { kind: isText, cpu: isText, cores: isNumber, memory: isNumber, kernel: isText },
  versions: each((value) => typeof value === "string"),
  seconds: isNumber,
  verdicts: (value) => Array.isArray(value) && value.length > 0,
};

const ROW: Shape = {
  id: isText,
  what: isText,
  unit: isText,
  limit: isNumber,
  is: (value) => value === "at most" || value === "at least",
  percentile: (value) => isNumber(value) && Number(value) > 0 && Number(value) <= 100,
  command: isText,
  why: isText,
  given: (value) => value === undefined || each(isNumber)(value),
  samples: (value) => Array.isArray(value) && value.every(orNull(isNumber)),
  measured: orNull(isNumber),
  failure: orNull(isText),
  note: (value) => typeof value === "string",
};

/** The run in `text`. Throws a sentence that names `source` and the field which is missing or wrong. */
export function parseRun(text: string, source: string): Run {
  let run: unknown;
  try {
    run = JSON.parse(text);
  } catch {
    throw new Sentence(`${source} is not JSON.`);
  }
  const wrong = wrongField(run, RUN) ?? wrongRow(run as Run);
  if (wrong !== null) throw new Sentence(`${source} is no run of the budgets: ${wrong}.`);
  // What wasn't a number when it was measured is null in JSON.
  for (const row of (run as Run).verdicts) row.samples = row.samples.filter((sample) => sample !== null);
  return run as Run;
}

function wrongRow({ verdicts }: Run): string | null {
  for (const [index, row] of verdicts.entries()) {
    const wrong = wrongField(row, ROW);
    if (wrong !== null) return `verdict ${index + 1}, ${wrong}`;
    if (verdicts.findIndex(({ id }) => id === row.id) !== index) return `${row.id} is there twice`;
  }
  return null;
}

function wrongField(value: unknown, shape: Shape): string | null {
  if (!isRecord(value)) return "not an object";
  for (const [field, test] of Object.entries(shape)) {
    if (typeof test === "function") {
      if (!test(value[field])) return `no proper ${field}`;
      continue;
    }
    const wrong = wrongField(value[field], test);
    if (wrong !== null) return `${field}: ${wrong}`;
  }
  return null;
}
