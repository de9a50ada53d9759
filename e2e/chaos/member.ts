/** Somebody with an account who goes on asking until there is an answer, whichever API is left. */
import { randomUUID } from "node:crypto";

import type { components } from "../../web/lib/api/schema.d.ts";
import type { Place } from "./place.ts";
import { sleep } from "./time.ts";

export type Task = components["schemas"]["Task"];

const ANSWER_WITHIN = 10_000;
const INSIST_FOR = 90_000;

interface Call {
  method?: string;
  body?: object;
  headers?: Record<string, string>;
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export class Member {
  readonly #place: Place;
  #cookie = "";

  private constructor(place: Place) {
    this.#place = place;
  }

  static async register(place: Place): Promise<Member> {
    const member = new Member(place);
    const body = { name: "Ada", email: `ada-${randomUUID()}@example.com`, password: "a quiet engine of brass" };
    const response = await member.insist("/api/v1/auth/register", { method: "POST", body });
    if (response.status !== 201) throw new Error(`register: ${response.status} ${response.text}`);
    member.#keep(response.headers);
    return member;
  }

  /** Keeps the cookies, and has them renewed at half of the access token's time: an outage may be sat out meanwhile. */
  #keep(headers: Headers): void {
    const cookies = headers.getSetCookie();
    this.#cookie = cookies.map((cookie) => cookie.split(";")[0]).join("; ");
    const ages = cookies.map((cookie) => Number(/Max-Age=(\d+)/i.exec(cookie)?.[1]));
    setTimeout(() => void this.#renew(), Math.min(...ages) * 500).unref();
  }

  /** An answer that was lost is asked for again by the same token. */
  async #renew(): Promise<void> {
    try {
      const { status, headers, text } = await this.insist("/api/v1/auth/refresh", { method: "POST" });
      if (status === 204) this.#keep(headers);
      else this.#place.ledger.violation("refresh", `an honest client was signed out: ${status} ${text}`);
    } catch (error) {
      this.#place.ledger.violation("refresh", String(error));
    }
  }

  get headers(): Record<string, string> {
    return { origin: this.#place.origin, cookie: this.#cookie };
  }

  /** The first answer that says something of the request itself: outages are sat out. */
  async insist(path: string, { method = "GET", body, headers = {} }: Call = {}): Promise<Answer> {
    const end = performance.now() + INSIST_FOR;
    for (;;) {
      const { ports, random, ledger, outages } = this.#place;
      const told = `${method} ${path}`;
      try {
        const response = await fetch(`http://127.0.0.1:${random.pick(ports)}${path}`, {
          method,
          headers: { ...this.headers, ...(body ? { "content-type": "application/json" } : {}), ...headers },
          signal: AbortSignal.timeout(ANSWER_WITHIN),
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        // The body too may never come.
        const { status, headers: said } = response;
        const answer = { status, headers: said, text: await response.text() };
        if (status < 500) return answer;
        if (!outages.has(status)) ledger.violation(told, `an outage is ${[...outages].join(" or ")}, not ${status}`);
      } catch (error) {
        if (performance.now() > end) throw new Error(`${told} has no answer`, { cause: error });
      }
      if (performance.now() > end) throw new Error(`${told} has no answer but 503`);
      await sleep(random.between(50, 400));
    }
  }

  /** Creates a task, and now and then asks twice: the same key is the same task. */
  async create(prompt: string): Promise<Task> {
    const { random, ledger } = this.#place;
    const call = {
      method: "POST",
      body: { kind: "project_plan", prompt },
      headers: { "idempotency-key": randomUUID() },
    };
    const [first, second] = await Promise.all([
      this.insist("/api/v1/tasks", call),
      random.chance(0.2) ? this.insist("/api/v1/tasks", call) : null,
    ]);
    const task = accepted(first);
    if (second) {
      const again = accepted(second);
      if (again.id !== task.id) ledger.violation(task.id, `the same key made another task, ${again.id}`);
    }
    return task;
  }

  /** The task, or null when it isn't there. */
  async task(id: string): Promise<Task | null> {
    const { status, text } = await this.insist(`/api/v1/tasks/${id}`);
    if (status === 404) return null;
    if (status !== 200) throw new Error(`GET ${id}: ${status} ${text}`);
    return JSON.parse(text);
  }
}

function accepted({ status, text }: Answer): Task {
  if (status !== 202) throw new Error(`create: ${status} ${text}`);
  return JSON.parse(text);
}
