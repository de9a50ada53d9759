// Runs one command in the foreground, as a shell would.
import { execFileSync, spawn } from "node:child_process";
import { constants } from "node:os";

import { Sentence } from "./errors.ts";

interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Show what it printed only if it failed. */
  quiet?: boolean;
}

/**
 * Resolves to the exit code, 128 + n after signal n. Signals to us go on to the command, and we stay until it has
 * ended, so that whatever we hold for it can be cleaned up.
 */
export function runToEnd([file, ...args]: string[], options: RunOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const stdio = options.quiet ? (["ignore", "pipe", "pipe"] as const) : "inherit";
    const child = spawn(file!, args, { cwd: options.cwd, env: options.env, stdio: stdio as "inherit" });
    const printed: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => printed.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => printed.push(chunk));

    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, forward);
    const done = () => {
      for (const signal of signals) process.off(signal, forward);
    };
    child.once("error", (error) => {
      done();
      reject(new Sentence(`${file} could not be started: ${error.message}`));
    });
    child.once("close", (code, signal) => {
      done();
      const status = code ?? 128 + constants.signals[signal!];
      if (options.quiet && status !== 0) process.stderr.write(Buffer.concat(printed));
      resolve(status);
    });
  });
}

/** What a command prints; what it complains of goes to the screen. */
export function outputOf([file, ...args]: string[], cwd: string, env = process.env): string {
  try {
    return execFileSync(file!, args, {
      cwd,
      env,
      encoding: "utf8",
      maxBuffer: 64 << 20,
      stdio: ["ignore", "pipe", "inherit"],
    });
  } catch {
    throw new Sentence(`${args.slice(0, 3).join(" ")} failed; see above.`);
  }
}
