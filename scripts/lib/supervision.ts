// supervisord, started: as a child that ends when we do, or as a process of its own that outlives us.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { Sentence } from "./errors.ts";
import { guarded } from "./guarded.ts";
import { python } from "./paths.ts";
import { until } from "./ready.ts";
import { configuration, type Program, states } from "./supervisor.ts";

export interface Supervision {
  /** Resolves when supervisord is gone, by us or because someone killed it. */
  ended: Promise<void>;
  isGone(): boolean;
  /** Waits for it, and ends it if it doesn't leave by itself. */
  end(): Promise<void>;
}

export interface SupervisionOptions {
  folder: string;
  logs: string;
  socket: string;
  env: NodeJS.ProcessEnv;
  programs: Program[];
  outlives: boolean;
}

/** Resolves when it answers; nothing that it supervises has been started then. */
export async function supervise(options: SupervisionOptions): Promise<Supervision> {
  const { folder, logs, socket, programs } = options;
  const file = join(folder, "supervisord.conf");
  // Relative, since a `%` in a path is expanded twice there.
  writeFileSync(file, configuration(socket, programs, relative(folder, logs)), { mode: 0o600 });
  const said = join(logs, "supervisord.out");
  const output = openSync(said, "w");
  const command = [python, "-m", "supervisor.supervisord", "-c", file];
  const supervision = options.outlives
    ? outliving(command, folder, options.env, output)
    : bound(command, folder, options.env, output);
  closeSync(output);
  const isUp = () =>
    states(socket).then(
      (all) => all.length === programs.length,
      () => false,
    );
  if (await until(isUp, { timeout: 20_000, gaveUp: () => supervision.isGone() })) return supervision;
  await supervision.end();
  throw new Sentence(`supervisord did not start: ${tail(said)}`);
}

function bound(command: string[], cwd: string, env: NodeJS.ProcessEnv, output: number): Supervision {
  const guard = guarded(command, { cwd, env, output });
  return { ended: guard.ended, isGone: () => guard.process.exitCode !== null, end: () => guard.end() };
}

/** In a session of its own: no terminal's hang-up and no Ctrl-C reaches it. */
function outliving(command: string[], cwd: string, env: NodeJS.ProcessEnv, output: number): Supervision {
  const child = spawn(command[0]!, command.slice(1), { cwd, env, stdio: ["ignore", output, output], detached: true });
  const ended = once(child, "exit").then(() => undefined);
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  child.unref();
  return {
    ended,
    isGone,
    async end() {
      if (isGone()) return;
      child.ref();
      child.kill("SIGTERM");
      const kill = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** The end of a log, for a sentence about why something failed. */
export const tail = (file: string, lines = 15): string =>
  existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n") : "(nothing)";
