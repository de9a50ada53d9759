/** What happens to the two servers beside being killed: a tail that is lost, a log that is gone, a whole tree that stops. */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync, truncateSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

import type { Plan } from "../../scripts/lib/services.ts";

/** Cuts bytes off the newest append-only file; Valkey has to be down. Gives how many were there and how many went. */
export function cutTail(folder: string, bytes: number): { had: number; cut: number } {
  const files = join(folder, "valkey", "appendonlydir");
  const newest = readdirSync(files)
    .filter((name) => name.endsWith(".incr.aof"))
    .toSorted((a, b) => statSync(join(files, a)).mtimeMs - statSync(join(files, b)).mtimeMs)
    .at(-1);
  if (newest === undefined) return { had: 0, cut: 0 };
  const file = join(files, newest);
  const had = statSync(file).size;
  const cut = Math.min(had, bytes);
  truncateSync(file, had - cut);
  return { had, cut };
}

/** Empties Valkey: the logs, and the broker with them. False when it didn't answer. */
export function flush({ ports, secrets }: Plan): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port: ports.valkey, host: "127.0.0.1", timeout: 2_000 });
    let heard = "";
    socket.on("data", (bytes) => (heard += bytes.toString()));
    socket.on("connect", () => socket.write(`AUTH ${secrets.valkey}\r\nFLUSHALL\r\nQUIT\r\n`));
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(heard.startsWith("+OK\r\n+OK")));
  });
}

/** A process and all that it started: Postgres's own processes go on while only the first of them is stopped. */
export function tree(pid: number): number[] {
  const lines = execFileSync("ps", ["-axo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  // Children of what is found are appended while we go through it.
  for (const parent of found) for (const [child, of] of pairs) if (of === parent) found.push(child!);
  return found;
}
