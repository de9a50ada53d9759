// Runs the scripts of perf/k6, and hears every point that k6 measures.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Sentence } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";
import { onPath } from "../../scripts/lib/privileges.ts";
import type { Budget } from "../lib/budgets.ts";
import type { Stage } from "./profiles.ts";

/** What k6 leaves: its summary, and the budgets that it was given. */
export const reports = join(root, ".data", "perf", "load");
/** A run that crossed one of its thresholds: it was measured all the same. */
const CROSSED = 99;
/** For what is under way when the last stage ends, and for the accounts; in seconds. */
const TAIL = 90;
const SHOWN = 5;

/** One value of a metric; `at` is in milliseconds of the clock on the wall. */
export interface Point {
  at: number;
  value: number;
  /** What was asked, and the answer's status; empty where it is of no request. */
  name: string;
  status: string;
}

export type Points = Record<string, Point[]>;

/** The metrics that somebody judges or shows. */
const METRICS = [
  "http_req_duration",
  "http_req_failed",
  "iterations",
  "dropped_iterations",
  "socket_gaps",
  "socket_opened",
] as const;
const HEAD = new RegExp(`^\\{"metric":"(${METRICS.join("|")})","type":"Point"`);

export function mustHaveK6(): string {
  const k6 = onPath("k6");
  if (!k6) throw new Sentence('There is no k6: make tools ARGS="k6", or put it on the PATH.');
  return k6;
}

interface Run {
  url: string;
  origin: string;
  stages: readonly Stage[];
  profile: string;
  budgets: readonly Budget[];
}

/** Throws a sentence when k6 didn't do its work; a threshold that was crossed is for the budgets to say. */
export async function runK6({ url, origin, stages, profile, budgets }: Run): Promise<Points> {
  mkdirSync(reports, { recursive: true });
  const [summary, rows] = [join(reports, "k6.json"), join(reports, "budgets.json")];
  writeFileSync(rows, JSON.stringify(budgets));
  const env = {
    ...process.env,
    ...{ BASE_URL: url, ORIGIN: origin, PROFILE: profile, STAGES: JSON.stringify(stages) },
    ...{ BUDGETS: rows, SUMMARY: summary, K6_NO_USAGE_REPORT: "true" },
  };
  const options = ["run", "--quiet", "--no-color", "--address", "", "--out", "json=-", "--log-format", "raw"];
  const child = spawn(mustHaveK6(), [...options, join(root, "perf", "k6", "main.ts")], {
    ...{ cwd: root, env, stdio: ["ignore", "pipe", "pipe"] },
  });
  const tooLong = setTimeout(
    () => child.kill("SIGKILL"),
    (stages.reduce((sum, { seconds }) => sum + seconds, 0) + TAIL) * 1_000,
  );
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
  const points: Points = Object.fromEntries(METRICS.map((metric) => [metric, []]));
  createInterface({ input: child.stdout }).on("line", (line) => take(points, line));
  const interrupted = () => child.kill("SIGINT");
  process.once("exit", interrupted);
  const code = await ended;
  process.off("exit", interrupted);
  clearTimeout(tooLong);
  for (const line of said.slice(0, SHOWN)) console.log(`  k6: ${line}`);
  if (code !== 0 && code !== CROSSED) throw new Sentence(`k6 ended with ${code}: ${said.at(-1) ?? "it said nothing"}`);
  return points;
}

function take(points: Points, line: string): void {
  const metric = HEAD.exec(line)?.[1];
  if (metric === undefined) return;
  const { data } = JSON.parse(line) as { data: { time: string; value: number; tags?: Record<string, string> } };
  const { name = "", status = "" } = data.tags ?? {};
  points[metric]!.push({ at: Date.parse(data.time), value: data.value, name, status });
}
