// Child processes that never outlive us, not even when we are killed with -9.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

// The guard holds the other end of a pipe of ours. When the pipe closes, however we went, it signals the child;
// when the child ends by itself, the guard ends with its exit code.
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{ cat <&3 >/dev/null; kill -s "$SIGNAL" "$child"; } 2>/dev/null &
exec 3<&-
wait "$child"
`;

export interface Guarded {
  /** The guard's own process: its exit is the child's. */
  process: ChildProcess;
  /** Resolves when the child is gone. */
  ended: Promise<void>;
  /** Asks the child to end and waits for it; after \`patience\` ms it is killed. */
  end(): Promise<void>;
}

export interface GuardOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** The signal that makes the child leave in good order. */
  signal?: "TERM" | "INT" | "QUIT";
  output?: number | "ignore";
}

/** Starts a command, in a process group of its own, that ends when we do. */
export function guarded(command: string[], options: GuardOptions = {}): Guarded {
  const child = spawn("/bin/sh", ["-c", GUARD, "guard", ...command], {
    cwd: options.cwd,
    env: { ...(options.env ?? process.env), SIGNAL: options.signal ?? "TERM" },
    stdio: ["pipe", options.output ?? "ignore", options.output ?? "ignore"],
    detached: true,
  });
  const ended = once(child, "exit").then(() => undefined);
  return {
    process: child,
    ended,
    async end() {
      child.stdin?.end();
      const kill = setTimeout(() => killGroup(child), 20_000);
      await ended;
      clearTimeout(kill);
    },
  };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Everything in the group is gone already.
  }
}
