// The process that claims the bench's tasks and appends to their logs (api/bench/writer.py).
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import type { Variables } from "../../scripts/lib/env.ts";
import { Sentence } from "../../scripts/lib/errors.ts";
import { api, python } from "../../scripts/lib/paths.ts";

interface Load {
  tasks: string[];
  /** Tokens that a task gets at a time. */
  batch: number;
  /** Seconds from one round trip to the next. */
  every: number;
  seconds: number;
  /** The tasks are served in so many groups, one a round trip. */
  turns?: number;
  /** The length of a token's text. */
  size?: number;
  /** The text begins with the time of its append. */
  stamped?: boolean;
}

export interface Writer {
  tasks: string[];
  /** Resolves, when all is appended, to the number of tokens. */
  write(load: Load): Promise<number>;
  end(): void;
}

export async function startWriter(env: Variables, tasks: number): Promise<Writer> {
  const child = spawn(python, ["-m", "bench.writer", String(tasks)], {
    cwd: api,
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Sentence("The writer died.");
    return JSON.parse(value);
  };
  return {
    tasks: (await answer()) as string[],
    async write(load) {
      child.stdin.write(`${JSON.stringify(load)}\n`);
      return Number(await answer());
    },
    end: () => child.stdin.end(),
  };
}
