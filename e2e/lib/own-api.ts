/** An API process beside the stack's own, with its stores and its worker and another setting or two. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

import { api, python } from "../../scripts/lib/paths.ts";
import { httpReady, until } from "../../scripts/lib/ready.ts";
import { site } from "./site.ts";

export class OwnApi {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(port: number, settings: Record<string, string>): Promise<OwnApi> {
    const env = { ...process.env, ...site.env, ...settings, API_PORT: String(port) };
    const child = spawn(python, ["-m", "app.serve"], { cwd: api, env, stdio: "ignore" });
    const own = new OwnApi(child);
    const isReady = () => httpReady(`http://127.0.0.1:${port}/api/readyz`);
    if (await until(isReady, { timeout: 30_000, gaveUp: () => child.exitCode !== null })) return own;
    await own.stop();
    throw new Error("the API didn't start");
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.kill("SIGTERM")) await once(this.#child, "exit");
  }
}
