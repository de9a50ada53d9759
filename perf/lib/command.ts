// What a command is: a process of its own, started by perf/run.ts, that measures some of the budgets.
import { once } from "node:events";

import { main, Sentence } from "../../scripts/lib/errors.ts";
import type { Budget, Result } from "./budgets.ts";

/** What a command's measurements share: a stack, a browser. Made by `begin`, ended whatever happens. */
export interface Context {
  /** Whether the command's fault is to be planted: then its measurements have to fail. */
  readonly planted: boolean;
  end(): Promise<void>;
}

/** Several budgets may come from one measurement: `budgets` are those of its `ids` that are asked for. */
export interface Measure<C extends Context> {
  ids: readonly string[];
  /** Throws (a sentence, where it is for people) when it can't measure: its rows have failed then. */
  run(context: C, budgets: readonly Budget[]): Promise<Record<string, Result>>;
}

export const FAULTS = ["delay", "missing samples", "dead server", "extra bytes"] as const;

export interface Fault {
  kind: (typeof FAULTS)[number];
  /** What really happens, and how the context brings it about; not a number that is changed. */
  how: string;
  /** The budgets that have to fail by it; only they are measured then. */
  fails: readonly string[];
}

interface Command<C extends Context> {
  /** The file's name, and the `command` of its rows. */
  name: string;
  /** Throws a sentence where the environment for it is missing (no Docker engine, no k6): that is a failure. */
  begin: (planted: boolean) => C | Promise<C>;
  measures: readonly Measure<C>[];
  fault: Fault;
}

/** What can be known of a command without running it. */
export interface Description {
  name: string;
  ids: string[];
  fault: Fault;
}

/** The exit code of a process that was told to end. */
export const INTERRUPTED = 130;

/** From perf/run.ts to the process. */
export interface Order {
  budgets: Budget[];
  planted: boolean;
}

/** From the process: what was measured, or why some rows were not. */
export type Report = { results: Record<string, Result> } | { unmeasured: string[]; because: string };

/** Serves the order that perf/run.ts sends; with --describe says what it measures. The last call of a command's file. */
export async function command<C extends Context>(definition: Command<C>): Promise<void> {
  const { name, measures, fault } = definition;
  if (process.argv.includes("--describe")) {
    const ids = measures.flatMap((measure) => measure.ids);
    console.log(JSON.stringify({ name, ids, fault } satisfies Description));
    return;
  }
  await main(async () => {
    if (!process.send) throw new Sentence(`Usage: node perf/run.ts ${name}`);
    const [order] = (await once(process, "message")) as [Order];
    await serve(definition, order);
  });
  process.exit();
}

async function serve<C extends Context>({ begin, measures }: Command<C>, { budgets, planted }: Order): Promise<void> {
  const jobs = measures
    .map((measure) => ({ measure, asked: budgets.filter(({ id }) => measure.ids.includes(id)) }))
    .filter(({ asked }) => asked.length > 0);
  let context: C;
  try {
    context = await begin(planted);
  } catch (error) {
    return report({ unmeasured: budgets.map(({ id }) => id), because: said(error) });
  }
  let ending: Promise<void> | undefined;
  const end = () => (ending ??= context.end());
  const interrupted = () => void end().finally(() => process.exit(INTERRUPTED));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, interrupted);
  process.once("disconnect", interrupted); // the runner died
  try {
    for (const { measure, asked } of jobs) await report(await measured(context, measure, asked));
  } finally {
    await end();
  }
}

async function measured<C extends Context>(context: C, measure: Measure<C>, asked: Budget[]): Promise<Report> {
  const ids = asked.map(({ id }) => id);
  const began = performance.now();
  try {
    return { results: await measure.run(context, asked) };
  } catch (error) {
    return { unmeasured: ids, because: said(error) };
  } finally {
    console.log(`  ${ids.join(", ")}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
}

function said(error: unknown): string {
  if (!(error instanceof Sentence)) console.error(error);
  return error instanceof Error ? error.message : String(error);
}

function report(what: Report): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(what, undefined, {}, (error) => (error ? reject(error) : resolve()));
  });
}
