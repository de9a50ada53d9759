/** Kills a container's main process as nobody can foresee. Docker's own `kill` would leave it ended. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import { until } from "../../chaos/time.ts";
import { container, haste, image, isWell } from "./stack.ts";

/** The processes belong to users whom we can't signal, or are in Docker's own VM: root in a container can. */
const CODE = "import os, sys\nfor pid in sys.stdin: os.kill(int(pid), 9); print(int(pid), flush=True)";

export interface Killed {
  /** Passes when another process of the same container is well. Gives milliseconds since the kill. */
  isBack: (within: number) => Promise<number>;
}

export class Hand {
  readonly #child;
  readonly #lines: AsyncIterator<string>;

  /** Ready before it is needed: a container takes a second to start, and a stream would be over. */
  constructor() {
    const options = ["--rm", "--interactive", "--pid=host", "--network=none", "--user=0", "--entrypoint=python"];
    this.#child = spawn("docker", ["run", ...options, image("api"), "-uc", CODE], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Kills the service's first container when `moment` has come. */
  async kill(service: string, moment: () => Promise<void>): Promise<Killed> {
    const { Id, State } = await container(service);
    assert(State.Pid > 0, `${service} runs`);
    await moment();
    this.#child.stdin.write(`${State.Pid}\n`);
    const { value } = await this.#lines.next();
    assert.equal(Number(value), State.Pid, `${service} is killed`);
    const begun = performance.now();
    const isAnother = async () => {
      const now = await container(service);
      return now.Id === Id && now.State.Pid !== State.Pid && isWell(now);
    };
    return {
      isBack: async (within) => {
        assert(await until(isAnother, within * haste()), `${service} is back within ${within / 1000} s`);
        return performance.now() - begun;
      },
    };
  }

  async end(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#child.once("close", () => resolve());
    this.#child.stdin.end();
    await promise;
  }
}
