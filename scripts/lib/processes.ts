// Which processes are ours: each carries the name of its stack in its environment, so that what a killed supervisor
// left behind can be told from a stranger's.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export const MARK = "SLIPSTREAM_STACK";

const signalled = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
};

/** True while the process exists; a zombie, which only waits for its parent, counts as gone. */
export function isAlive(pid: number): boolean {
  if (!signalled(pid, 0)) return false;
  if (process.platform !== "linux") return true;
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** The pids of all processes started for this stack, except our own. */
export function marked(stack: string): number[] {
  const mark = `${MARK}=${stack}`;
  if (process.platform !== "linux") {
    const lines = execFileSync("ps", ["-axEww", "-o", "pid=,command="], {
      encoding: "utf8",
      maxBuffer: 64 << 20,
    }).split("\n");
    return lines
      .filter((line) => `${line} `.includes(` ${mark} `))
      .map((line) => Number.parseInt(line, 10))
      .filter((pid) => pid !== process.pid);
  }
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && environOf(pid).includes(mark) && isAlive(pid));
}

function environOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // not ours to read, or gone
  }
}

/** The Postgres of this data folder, by the pid file it keeps; a pid that meanwhile is someone else's is not it. */
function postgresOf(data: string): number | null {
  const file = join(data, "postmaster.pid");
  if (!existsSync(file)) return null;
  const pid = Number.parseInt(readFileSync(file, "utf8"), 10);
  return isAlive(pid) && commandOf(pid).includes(data) ? pid : null;
}

/** A process's command line, empty when it is gone. */
export function commandOf(pid: number): string {
  try {
    return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/**
 * Ends what an earlier start of this stack left behind, the supervisor first, since it would start the others again.
 * Returns how many there were.
 */
export async function endLeftovers(stack: string, folder: string): Promise<number> {
  const data = join(folder, "postgres");
  const supervisors = marked(stack).filter((pid) => commandOf(pid).includes("supervisord"));
  await end(supervisors, "SIGTERM");
  const postgres = postgresOf(data);
  const others = marked(stack).filter((pid) => pid !== postgres);
  await Promise.all([end(others, "SIGTERM"), end(postgres === null ? [] : [postgres], "SIGINT")]);
  // A pid file whose pid is a stranger's by now (it happens after a reboot) would keep Postgres from starting.
  if (postgresOf(data) === null) rmSync(join(data, "postmaster.pid"), { force: true });
  return supervisors.length + others.length + (postgres === null ? 0 : 1);
}

/** Signals all, waits up to 10 s, then kills. */
async function end(pids: number[], signal: NodeJS.Signals): Promise<void> {
  for (const pid of pids) signalled(pid, signal);
  const deadline = performance.now() + 10_000;
  while (pids.some(isAlive)) {
    if (performance.now() > deadline) for (const pid of pids) signalled(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
