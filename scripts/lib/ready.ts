// Is it ready? Asked of each server in its own language.
import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

import { isListening } from "./ports.ts";
import { postgresBinaries, valkeyWord } from "./servers.ts";

/** True when Postgres accepts connections; recovery after a crash counts as not yet. */
export function postgresReady(port: number): Promise<boolean> {
  const probe = join(postgresBinaries(), "pg_isready");
  if (!existsSync(probe)) return isListening(port);
  return new Promise((resolve) => {
    execFile(probe, ["-q", "-h", "127.0.0.1", "-p", String(port), "-t", "1"], (error) => resolve(error === null));
  });
}

/** True when Valkey answers PING, which it doesn't while it loads its data. */
export const valkeyReady = (port: number, password: string): Promise<boolean> =>
  valkeySays(port, password, "PING", /\+PONG/);

/** True when a worker waits for messages: its connection to the broker stands in BRPOP. */
export const workerReady = (port: number, password: string): Promise<boolean> =>
  valkeySays(port, password, "CLIENT LIST", / cmd=brpop /);

const NOTE_IS_FRESH = 10_000;

/**
 * True when a worker or beat has just noted in its HEALTH_FILE that it can work. What the process before it noted, up to
 * the second of its own start, is not its word.
 */
export function notedReady(file: string, startedAt: number): boolean {
  if (!existsSync(file)) return false;
  const at = statSync(file).mtimeMs;
  if (at < (startedAt + 1) * 1000 || Date.now() - at > NOTE_IS_FRESH) return false;
  return readFileSync(file, "utf8").trim().endsWith(" ok");
}

/** True when the answer to a command matches. */
function valkeySays(port: number, password: string, command: string, expected: RegExp): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: 1000 });
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    let heard = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      heard += chunk;
      if (expected.test(heard)) answer(true);
    });
    socket.once("connect", () => socket.write(`AUTH ${valkeyWord(password)}\r\n${command}\r\nQUIT\r\n`));
    socket.once("timeout", () => answer(false));
    socket.once("close", () => answer(false));
    socket.once("error", () => answer(false));
  });
}

/** True when an HTTP GET answers 200 within a second. */
export async function httpReady(url: string, timeout = 1000): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeout), redirect: "manual" });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** Asks until the answer is yes; false when the time is over or `gaveUp` says so. */
export async function until(
  ready: () => Promise<boolean>,
  options: { timeout: number; gaveUp?: () => boolean },
): Promise<boolean> {
  const end = performance.now() + options.timeout;
  for (;;) {
    if (await ready()) return true;
    if (performance.now() > end || options.gaveUp?.()) return false;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
