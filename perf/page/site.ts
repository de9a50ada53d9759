// The page as people get it: the production build on a stack of its own, with somebody who has a finished task.
import { existsSync } from "node:fs";
import { join } from "node:path";

import { Sentence } from "../../scripts/lib/errors.ts";
import { api, python, web } from "../../scripts/lib/paths.ts";
import { outputOf } from "../../scripts/lib/run.ts";
import type { Name } from "../../scripts/lib/services.ts";
import type { Stack } from "../../scripts/lib/stack.ts";
import { throwAway } from "../../scripts/lib/throw-away.ts";
import type { Context } from "../lib/command.ts";
import { UNLIMITED } from "../lib/stand.ts";
import { eventually } from "../lib/wait.ts";
import { type Harm, openDoor } from "./door.ts";

const NEEDED: readonly Name[] = ["postgres", "valkey", "api", "worker", "web"];
const RATE = "1000"; // tokens a second: the text is only to be there

export class Site implements Context {
  readonly planted: boolean;
  /** Where a browser finds the page; with a fault planted, behind it. */
  readonly url: string;
  readonly stack: Stack;
  readonly #pids: string;
  readonly #ends: (() => unknown)[];
  #cookie = "";

  private constructor(planted: boolean, url: string, stack: Stack, pids: string, ends: (() => unknown)[]) {
    this.planted = planted;
    this.url = url;
    this.stack = stack;
    this.#pids = pids;
    this.#ends = ends;
  }

  /** `harm` is what a planted fault does to every answer. */
  static async start(planted: boolean, harm: Harm): Promise<Site> {
    if (!existsSync(join(web, ".next", "standalone", "web", "server.js")))
      throw new Sentence("There is no build of the page: make build-web.");
    const { stack, end } = await throwAway(NEEDED, { ...UNLIMITED, OFFLINE_TOKENS_PER_SECOND: RATE });
    const ends: (() => unknown)[] = [() => end("page-logs")];
    try {
      await stack.start(() => undefined);
      const door = planted ? await openDoor(stack.plan.env["SITE_URL"]!, harm) : null;
      if (door) ends.unshift(() => door.end());
      return new Site(planted, door?.url ?? stack.plan.env["SITE_URL"]!, stack, await pidsOf(stack), ends);
    } catch (error) {
      for (const each of ends) await each();
      throw error;
    }
  }

  /** The server's own address, without a fault before it. */
  get server(): string {
    return `http://127.0.0.1:${this.stack.plan.ports.web}`;
  }

  /** To be ended before the stack. */
  endsWith(end: () => unknown): void {
    this.#ends.unshift(end);
  }

  /** Registers somebody, an administrator, and has a task written for them. */
  async signIn(): Promise<{ cookie: string; task: string }> {
    const account = { email: "ada@example.com", password: "a quiet engine of brass and thought" };
    await this.#post("/api/v1/auth/register", { name: "Ada Lovelace", ...account });
    // Another role ends what sessions there are.
    outputOf([python, "-m", "app.admin", account.email], api, this.stack.plan.env);
    this.#cookie = cookiesOf(await this.#post("/api/v1/auth/login", account));
    const created = await this.#post("/api/v1/tasks", { kind: "project_plan", prompt: "A library of seeds" });
    const { id } = (await created.json()) as { id: string };
    await eventually("the task is completed", async () => {
      const response = await fetch(`${this.#api}/api/v1/tasks/${id}`, { headers: { cookie: this.#cookie } });
      return ((await response.json()) as { status: string }).status === "completed";
    });
    return { cookie: this.#cookie, task: `/tasks/${id}` };
  }

  get #api(): string {
    return `http://127.0.0.1:${this.stack.plan.ports.api}`;
  }

  async #post(path: string, body: unknown): Promise<Response> {
    const response = await fetch(this.#api + path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: {
        "content-type": "application/json",
        origin: this.stack.plan.env["SITE_URL"]!,
        cookie: this.#cookie,
      },
    });
    if (!response.ok) throw new Sentence(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** Throws a sentence when a part of the stack died meanwhile, even if it was started again. */
  async mustLive(): Promise<void> {
    if ((await pidsOf(this.stack)) !== this.#pids) throw new Sentence("A server died while it was measured.");
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0)) await end();
  }
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");

async function pidsOf(stack: Stack): Promise<string> {
  const pids = await Promise.all(NEEDED.map((name) => stack.pid(name)));
  return pids.join(" ");
}
