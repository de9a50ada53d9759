// Runs commands, each in a process of its own, one after the other, and judges what they measured.
import { execFile, fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { Sentence } from "../../scripts/lib/errors.ts";
import { node, root } from "../../scripts/lib/paths.ts";
import { type Budget, judged, type Result, type Verdict } from "./budgets.ts";
import type { Description, Order, Report } from "./command.ts";

const FOLDER = join(root, "perf", "commands");
const fileOf = (command: string): string => join(FOLDER, `${command}.ts`);

/** A command that takes longer hangs: it is ended, and has failed. In seconds. */
const PATIENCE = Number(process.env["PATIENCE"] || 300);
/** What it may take to end what it started. */
const FAREWELL = 30;

/** What every command says that it measures. Throws a sentence where that and the budgets don't agree. */
export async function describe(budgets: readonly Budget[]): Promise<Map<string, Description>> {
  const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith(".ts") ? file.slice(0, -".ts".length) : []));
  const described = await Promise.all(
    names.map(async (name) => {
      const { stdout } = await promisify(execFile)(node, [fileOf(name), "--describe"]);
      return JSON.parse(stdout) as Description;
    }),
  );
  for (const [index, { name, ids, fault }] of described.entries()) {
    if (name !== names[index]) throw new Sentence(`perf/commands/${names[index]}.ts calls itself ${name}.`);
    const rows = budgets.filter(({ command }) => command === name).map(({ id }) => id);
    const strange = ids.find((id) => !rows.includes(id));
    if (strange) throw new Sentence(`${name} measures ${strange}, which is no budget of it.`);
    const unmeasured = rows.find((id) => !ids.includes(id));
    if (unmeasured) throw new Sentence(`Nothing measures the budget ${unmeasured}.`);
    const unknown = fault.fails.find((id) => !ids.includes(id));
    if (unknown) throw new Sentence(`The fault of ${name} names ${unknown}, which it doesn't measure.`);
  }
  const homeless = budgets.find(({ command }) => !names.includes(command));
  if (homeless) throw new Sentence(`There is no perf/commands/${homeless.command}.ts for the budget ${homeless.id}.`);
  return new Map(described.map((each) => [each.name, each]));
}

/** The verdicts over all `budgets`, in their order. */
export async function verdictsOf(budgets: readonly Budget[], planted = false): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const command of new Set(budgets.map((budget) => budget.command))) {
    const began = performance.now();
    console.log(`${command}${planted ? ", with its fault" : ""}`);
    verdicts.push(
      ...(await ran(
        command,
        budgets.filter((budget) => budget.command === command),
        planted,
      )),
    );
    console.log(`  ${((performance.now() - began) / 1000).toFixed(0)} s in all`);
  }
  return verdicts;
}

/** A command that ends badly has failed in all of its rows, whatever it measured. */
async function ran(command: string, budgets: Budget[], planted: boolean): Promise<Verdict[]> {
  const results: Record<string, Result> = {};
  const reasons: Record<string, string> = {};
  const ended = await started(command, { budgets, planted }, (report) => {
    if ("results" in report) Object.assign(results, report.results);
    else for (const id of report.unmeasured) reasons[id] = report.because;
  });
  return budgets.map((budget) => {
    const verdict = judged(budget, results[budget.id], reasons[budget.id] ?? ended ?? "");
    return ended === null ? verdict : { ...verdict, failure: verdict.failure ?? ended };
  });
}

/** Resolves to null when it ended well, else to what was wrong. */
function started(command: string, order: Order, hear: (report: Report) => void): Promise<string | null> {
  const child = fork(fileOf(command), { execPath: node });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, forward);
  let late = false;
  const patience = setTimeout(() => {
    late = true;
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), FAREWELL * 1_000).unref();
  }, PATIENCE * 1_000);
  child.on("message", (report: Report) => hear(report));
  child.send(order);
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      clearTimeout(patience);
      for (const each of signals) process.off(each, forward);
      if (code === 130) process.exit(130); // interrupted: there is no verdict
      if (late) resolve(`it took more than ${PATIENCE} s`);
      else resolve(code === 0 ? null : `the command ended with ${signal ?? `code ${code}`}`);
    });
  });
}
