// What stands on the test bench: the real API with its servers, its process kept to a core of its own.
import type { Variables } from "../../scripts/lib/env.ts";
import { Sentence } from "../../scripts/lib/errors.ts";
import { httpReady, until } from "../../scripts/lib/ready.ts";
import type { Name } from "../../scripts/lib/services.ts";
import type { Stack } from "../../scripts/lib/stack.ts";
import { throwAway } from "../../scripts/lib/throw-away.ts";
import { pin } from "./proc.ts";

/** Limits of people are no limits here, and no connection is old enough to be rotated. */
export const UNLIMITED = {
  STREAMS_PER_USER: "1000000",
  TASKS_RUNNING_PER_USER: "1000000",
  TASKS_PER_DAY: "1000000",
  LIMIT_TASKS: "off",
  LIMIT_DESIGNS: "off",
  STREAM_ROTATE_AFTER: "1d",
  ACCESS_TOKEN_TTL: "1d",
};

export class Stand {
  readonly stack: Stack;
  readonly end: () => Promise<void>;
  readonly #core: number;
  #cookie = "";
  #apiPid = 0;

  private constructor(stack: Stack, end: () => Promise<void>, core: number) {
    this.stack = stack;
    this.end = end;
    this.#core = core;
  }

  static async start(names: readonly Name[], core: number, set: Variables = {}): Promise<Stand> {
    const { stack, end } = await throwAway(names, { ...UNLIMITED, ...set });
    const stand = new Stand(stack, () => end("bench-logs"), core);
    try {
      await stack.start(() => undefined);
      await stand.#settle();
      await stand.#register();
    } catch (error) {
      await stand.end();
      throw error;
    }
    return stand;
  }

  get env(): Variables {
    return this.stack.plan.env;
  }

  /** The header lines that a client of this stand sends. */
  get headers(): string {
    return `cookie: ${this.#cookie}\r\n`;
  }

  get port(): number {
    return this.stack.plan.ports.api;
  }

  /** The API's process. It is the same for as long as nobody asked for a fresh one: `mustLive` says so. */
  get apiPid(): number {
    return this.#apiPid;
  }

  async pidOf(name: Name): Promise<number> {
    const pid = await this.stack.pid(name);
    if (pid === null) throw new Sentence(`${name} doesn't run any more.`);
    return pid;
  }

  /** Throws a sentence when the API died, even if it was started again. */
  async mustLive(): Promise<void> {
    if ((await this.stack.pid("api")) !== this.#apiPid) throw new Sentence("The API died while it was measured.");
  }

  /** Another API process, which nobody has connected to yet. */
  async freshApi(): Promise<void> {
    await this.stack.fell("api");
    await this.stack.raise("api");
    await this.#settle();
  }

  async #settle(): Promise<void> {
    const url = `http://127.0.0.1:${this.port}/api/readyz`;
    if (!(await until(() => httpReady(url), { timeout: 30_000 }))) throw new Sentence("The API doesn't get ready.");
    this.#apiPid = await this.pidOf("api");
    pin(this.#apiPid, this.#core);
  }

  async #register(): Promise<void> {
    const body = { name: "Bench", email: "bench@example.com", password: "a quiet engine of brass and thought" };
    const response = await this.#post("/api/v1/auth/register", body);
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
    this.#cookie = cookies.join("; ");
  }

  async #post(path: string, body: unknown): Promise<Response> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: {
        "content-type": "application/json",
        origin: this.env["SITE_URL"]!,
        cookie: this.#cookie,
      },
    });
    if (!response.ok) throw new Sentence(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  async createTasks(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      const body = { kind: "project_plan", prompt: `A library of seeds, number ${index + 1}` };
      const task = (await (await this.#post("/api/v1/tasks", body)).json()) as { id: string };
      ids.push(task.id);
    }
    return ids;
  }

  /** How many tasks run, of 100 at most. */
  async running(): Promise<number> {
    const headers = { cookie: this.#cookie };
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1/tasks?status=running&limit=100`, { headers });
    return ((await response.json()) as { items: unknown[] }).items.length;
  }
}

export const streamOf = (task: string): string => `/api/v1/tasks/${task}/stream`;
