// What the kernel knows of a process: its CPU time, its memory, its connections.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

import { Sentence } from "../../scripts/lib/errors.ts";
import { onPath } from "../../scripts/lib/privileges.ts";

const TICKS = 100; // a second, on every Linux that Node runs on

/** The CPU time that a process took so far, of all its threads, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** What a process has in memory, in bytes. */
export function memory(pid: number): number {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

/** How many connections a process has to a port. */
export function connectionsTo(pid: number, port: number): number {
  const inodes = new Set<string>();
  for (const file of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${file}`))?.[1];
    if (inode) inodes.add(inode);
  }
  return ["tcp", "tcp6"]
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => Number.parseInt(row[2]!.split(":")[1]!, 16) === port && row[3] === "01" && inodes.has(row[9]!))
    .length;
}

const hex = (port: number): string => `:${port.toString(16).toUpperCase().padStart(4, "0")}`;

/** What the kernel holds on the way from a local server to one client that doesn't read, in bytes. */
export function queued(server: number, client: number): number {
  const rows = readFileSync("/proc/net/tcp", "utf8").trim().split("\n").slice(1);
  let bytes = 0;
  for (const row of rows) {
    const [, local, remote, , queues] = row.trim().split(/\s+/) as [string, string, string, string, string];
    const [sent, received] = queues.split(":").map((part) => Number.parseInt(part, 16)) as [number, number];
    if (local.endsWith(hex(server)) && remote.endsWith(hex(client))) bytes += sent;
    if (local.endsWith(hex(client)) && remote.endsWith(hex(server))) bytes += received;
  }
  return bytes;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ""; // closed since
  }
}

/** The first two cores that we may use: one for the server under test, one for everything else. */
export function cores(): [server: number, rest: number] {
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
  const all = allowed.split(",").flatMap((range) => {
    const [from, to = from] = range.split("-").map(Number);
    return Array.from({ length: to! - from! + 1 }, (_, index) => from! + index);
  });
  if (all.length < 2) throw new Sentence("The bench needs two cores: one for the server, one for its clients.");
  return [all[0]!, all[1]!];
}

/** Keeps a process, and what it will start, on one core. */
export function pin(pid: number, core: number, tries = 5): void {
  try {
    execFileSync("taskset", ["-acp", String(core), String(pid)], { stdio: "ignore" });
  } catch (error) {
    if (tries <= 1) throw error;
    pin(pid, core, tries - 1); // one of its threads has just ended
  }
}

/** Throws a sentence where the bench can't be judged at all. */
export function mustBeLinux(files: number): void {
  if (process.platform !== "linux" || !onPath("taskset"))
    throw new Sentence("The bench needs Linux and taskset: it reads CPU time from /proc and pins a server to a core.");
  // Node raises its own limit as far as it may, and what it starts inherits that.
  const most = Number(/^Max open files\s+(\d+|unlimited)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]);
  if (most < files)
    throw new Sentence(`The bench needs ${files} open files a process; the limit is ${most} (ulimit -n).`);
}
