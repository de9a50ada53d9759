// Whom a load is for: a stack of our own, or whatever answers at an address.
import { randomUUID } from "node:crypto";

import type { Variables } from "../../scripts/lib/env.ts";
import { Sentence } from "../../scripts/lib/errors.ts";
import { httpReady } from "../../scripts/lib/ready.ts";
import type { Stack } from "../../scripts/lib/stack.ts";
import { throwAway } from "../../scripts/lib/throw-away.ts";
import type { components } from "../../web/lib/api/schema.d.ts";

export type Task = components["schemas"]["Task"];

/** Limits of people are no limits here. */
const SETTINGS = {
  STREAMS_PER_USER: "1000000",
  SOCKETS_PER_USER: "1000000",
  TASKS_RUNNING_PER_USER: "1000000",
  TASKS_PER_DAY: "1000000",
  TASK_WORKER_CAPACITY: "1000",
  ACCESS_TOKEN_TTL: "1d",
  LIMIT_TASKS: "off",
  LIMIT_SIGN_INS: "off",
  LIMIT_REGISTRATIONS: "off",
};
const PARTS = ["api", "worker"] as const;

export class Site {
  /** Where requests go. */
  readonly url: string;
  /** What the site calls itself: the Origin that it accepts. */
  readonly origin: string;
  /** Null where the site isn't ours. */
  readonly stack: Stack | null;
  readonly end: () => Promise<void>;
  #pids: (number | null)[] = [];

  private constructor(url: string, origin: string, stack: Stack | null, end: () => Promise<void>) {
    this.url = url;
    this.origin = origin;
    this.stack = stack;
    this.end = end;
  }

  /** The API as in production, a worker and their servers, in a temporary folder; `set` is their environment. */
  static async own(set: Variables): Promise<Site> {
    const { stack, end } = await throwAway(["postgres", "valkey", "api", "worker"], { ...SETTINGS, ...set });
    const url = `http://127.0.0.1:${stack.plan.ports.api}`;
    const site = new Site(url, stack.plan.env["SITE_URL"]!, stack, () => end("load-logs"));
    try {
      await stack.start(() => undefined);
      site.#pids = await site.#parts();
    } catch (error) {
      await site.end();
      throw error;
    }
    return site;
  }

  /** Throws a sentence when nobody answers there, or not as ready. */
  static async at(address: string): Promise<Site> {
    const url = address.replace(/\/+$/, "");
    const isSite = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
    if (!isSite) throw new Sentence(`BASE_URL has to be a site's address, but is "${address}".`);
    if (!(await httpReady(`${url}/api/readyz`, 5_000))) throw new Sentence(`${url} isn't ready: ${url}/api/readyz.`);
    return new Site(url, new URL(url).origin, null, async () => undefined);
  }

  /** The first process of a part of our own stack; throws a sentence where there is none. */
  async pid(part: (typeof PARTS)[number]): Promise<number> {
    const pid = (await this.stack?.pid(part)) ?? null;
    if (pid === null) throw new Sentence(`There is no ${part} of our own.`);
    return pid;
  }

  #parts(): Promise<(number | null)[]> {
    return Promise.all(PARTS.map((part) => this.stack!.pid(part)));
  }

  /** Throws a sentence when a part of our own stack died meanwhile, even if it was started again. */
  async mustLive(): Promise<void> {
    if (this.stack === null) return;
    const now = await this.#parts();
    const dead = PARTS.filter((_, index) => now[index] !== this.#pids[index]);
    if (dead.length > 0) throw new Sentence(`It died meanwhile: ${dead.join(", ")}.`);
  }

  /** A new account. */
  async register(): Promise<Member> {
    const password = randomUUID();
    const member = new Member(this, password);
    await member.enter("register", { name: "Load", email: `load-${randomUUID()}@example.com`, password });
    return member;
  }

  /** Somebody who has an account. */
  async signIn(email: string, password: string): Promise<Member> {
    const member = new Member(this, null);
    await member.enter("login", { email, password });
    return member;
  }
}

/** Somebody with an account. */
export class Member {
  readonly #site: Site;
  /** Null where the account isn't ours to erase. */
  readonly #password: string | null;
  #cookie = "";
  #key: string | null = null;

  constructor(site: Site, password: string | null) {
    this.#site = site;
    this.#password = password;
  }

  /** What a browser sends along. */
  get headers(): Record<string, string> {
    const carried = this.#key === null ? { cookie: this.#cookie } : { authorization: `Bearer ${this.#key}` };
    return { origin: this.#site.origin, ...carried };
  }

  /** From now on by a key: a session would have to be renewed every few minutes. */
  async takeKey(): Promise<void> {
    const body = { name: "load", scopes: ["tasks:read", "tasks:write"], expires_at: null };
    this.#key = ((await (await this.call("POST", "api-keys", body)).json()) as { key: string }).key;
  }

  async enter(how: "register" | "login", body: object): Promise<void> {
    await this.#session(`auth/${how}`, body);
  }

  async #session(path: string, body?: object): Promise<void> {
    const response = await this.call("POST", path, body);
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
    if (cookies.length === 0) throw new Sentence(`${this.#site.url} gave no session: ${response.status}.`);
    this.#cookie = cookies.join("; ");
  }

  /** Throws a sentence unless the answer is a good one. */
  async call(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${this.#site.url}/api/v1/${path}`, {
      method,
      headers: { ...this.headers, ...(body ? { "content-type": "application/json" } : {}) },
      signal: AbortSignal.timeout(30_000),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Sentence(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** The id of a new task; the offline generator writes so many tokens for it, 300 at least, else as many as it likes. */
  async create(tokens?: number): Promise<string> {
    const asked = tokens === undefined ? "" : `, in ${tokens} tokens`;
    const body = { kind: "project_plan", prompt: `A library of seeds that neighbours lend each other${asked}` };
    return ((await (await this.call("POST", "tasks", body)).json()) as Task).id;
  }

  async task(id: string): Promise<Task> {
    return (await (await this.call("GET", `tasks/${id}`)).json()) as Task;
  }

  streamOf(task: string): string {
    return `${this.#site.url}/api/v1/tasks/${task}/stream`;
  }

  /** Leaves nothing of an account that was made for the load. */
  async leave(): Promise<void> {
    if (this.#password === null) return;
    if (this.#key !== null) {
      this.#key = null; // no key may erase an account
      await this.#session("auth/refresh");
    }
    await this.call("DELETE", "me", { password: this.#password });
  }
}
