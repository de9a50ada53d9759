// Runs commands, each in a process of its own, one after the other, and judges what they measured.
import { execFile, fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { Sentence } from "../../scripts/lib/errors.ts";
import { node, root } from "../../scripts/lib/paths.ts";
import { type Budget, judged, type Result, type Verdict } from "./budgets.ts";
import { type Description, INTERRUPTED, type Order, type Report } from "./command.ts";

const FOLDER = join(root, "perf", "commands");
const PATIENCE = Number(process.env["PATIENCE"] || 300);
/** Seconds in which a command ends what it started. */
const FAREWELL = 30;

/**
 * What commands (all, where none are named) say that they measure, by their names. Throws a sentence where that and the
 * budgets don't agree.
 */
export async function describe(
  budgets: readonly Budget[],
  commands: readonly string[] = [],
): Promise<Map<string, Description>> {
  const asked = (name: string) => commands.length === 0 || commands.includes(name);
  const names = readdirSync(FOLDER)
    .flatMap((file) => (file.endsWith(".ts") ? file.slice(0, -".ts".length) : []))
    .filter(asked);
  const described = await Promise.all(
    names.map(async (name): Promise<[string, Description]> => {
      const { stdout } = await promisify(execFile)(node, [join(FOLDER, `${name}.ts`), "--describe"]);
      return [name, JSON.parse(stdout) as Description];
    }),
  );
  mustAgree(
    budgets.filter(({ command }) => asked(command)),
    described,
  );
  return new Map(described);
}

/** Throws a sentence on a row that nothing measures, on a measurement without a row, and the like. */
export function mustAgree(budgets: readonly Budget[], described: readonly [file: string, Description][]): void {
  for (const [file, { name, ids, fault }] of described) {
    if (name !== file) throw new Sentence(`perf/commands/${file}.ts calls itself ${name}.`);
    const rows = budgets.filter(({ command }) => command === name).map(({ id }) => id);
    const strange = ids.find((id) => !rows.includes(id));
    if (strange) throw new Sentence(`${name} measures ${strange}, which is no budget of it.`);
    const unmeasured = rows.find((id) => !ids.includes(id));
    if (unmeasured) throw new Sentence(`Nothing measures the budget ${unmeasured}.`);
    if (fault.fails.length === 0 || !fault.fails.every((id) => ids.includes(id)))
      throw new Sentence(`The fault of ${name} has to name budgets that it measures.`);
  }
  const homeless = budgets.find(({ command }) => !described.some(([file]) => file === command));
  if (homeless) throw new Sentence(`There is no perf/commands/${homeless.command}.ts for the budget ${homeless.id}.`);
}

interface Run {
  /** Whether each command is to plant its fault. */
  planted?: boolean;
  /** Seconds for a command: one that takes longer hangs. It is ended, and has failed. */
  patience?: number;
  folder?: string;
}

/** The verdicts over all `budgets`, in their order. */
export async function verdictsOf(budgets: readonly Budget[], run: Run = {}): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const command of new Set(budgets.map((budget) => budget.command))) {
    const began = performance.now();
    console.log(`${command}${run.planted ? ", with its fault" : ""}`);
    const own = budgets.filter((budget) => budget.command === command);
    verdicts.push(...(await ran(command, own, run)));
    console.log(`  ${((performance.now() - began) / 1000).toFixed(0)} s in all`);
  }
  return verdicts;
}

/** A command that ends badly has failed in all of its rows, whatever it measured. */
async function ran(command: string, budgets: Budget[], run: Run): Promise<Verdict[]> {
  const results: Record<string, Result> = {};
  const reasons: Record<string, string> = {};
  const ended = await toItsEnd(command, { budgets, planted: run.planted ?? false }, run, (report) => {
    if ("results" in report) Object.assign(results, report.results);
    else for (const id of report.unmeasured) reasons[id] = report.because;
  });
  return budgets.map((budget) => {
    const verdict = judged(budget, results[budget.id], ended ?? reasons[budget.id]);
    return ended === null ? verdict : { ...verdict, failure: verdict.failure ?? ended };
  });
}

/** Resolves to null when the process ended well, else to what was wrong. */
function toItsEnd(
  command: string,
  order: Order,
  { folder = FOLDER, patience = PATIENCE }: Run,
  hear: (report: Report) => void,
): Promise<string | null> {
  // As JSON what is no number would arrive as null.
  const child = fork(join(folder, `${command}.ts`), { execPath: node, serialization: "advanced" });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, forward);
  let killing: NodeJS.Timeout | undefined;
  const waiting = setTimeout(() => {
    child.kill("SIGTERM");
    killing = setTimeout(() => child.kill("SIGKILL"), FAREWELL * 1_000);
  }, patience * 1_000);
  child.on("message", (report: Report) => hear(report));
  child.send(order);
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      clearTimeout(waiting);
      clearTimeout(killing);
      for (const each of signals) process.off(each, forward);
      if (killing) resolve(`it took more than ${patience} s`);
      else if (code === INTERRUPTED) process.exit(INTERRUPTED); // there is no verdict
      else resolve(code === 0 ? null : `the command ended with ${signal ?? `code ${code}`}`);
    });
  });
}
