// What doing something costs: its time, and the processor's time of those who do it.
import { readdirSync, readFileSync } from "node:fs";

import { cpuSeconds } from "../../lib/proc.ts";
import { median } from "./growth.ts";

/** Milliseconds, the median of `times` after a few that don't count. */
export async function milliseconds(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let index = -3; index < times; index++) {
    const began = performance.now();
    await work();
    if (index >= 0) taken.push(performance.now() - began);
  }
  return median(taken);
}

/** The processor's seconds that `work` takes of these processes. */
export async function cpuOf(pids: readonly number[], work: () => Promise<unknown>): Promise<number> {
  const spent = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = spent();
  await work();
  return spent() - before;
}

/** All of Postgres's processes: those that come and go, too. */
export function familyCpu(postmaster: number): number {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), stat: stat(Number(name)) }))
    .filter(({ stat }) => stat?.[1] === String(postmaster));
  const reaped = stat(postmaster)!;
  const gone = (Number(reaped[13]) + Number(reaped[14])) / 100;
  return cpuSeconds(postmaster) + gone + children.reduce((sum, { stat }) => sum + ticks(stat!), 0);
}

const ticks = (fields: readonly string[]): number => (Number(fields[11]) + Number(fields[12])) / 100;

/** From its state on; null where it has ended. */
function stat(pid: number): string[] | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    return line.slice(line.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
