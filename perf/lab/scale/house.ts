// A stack to be measured, with as many APIs and workers as wanted, and somebody who is signed in to it.
import { Agent, request } from "node:http";

import { Sentence } from "../../../scripts/lib/errors.ts";
import { httpReady, until } from "../../../scripts/lib/ready.ts";
import { DATABASE } from "../../../scripts/lib/servers.ts";
import type { Name, ServiceName } from "../../../scripts/lib/services.ts";
import type { Stack } from "../../../scripts/lib/stack.ts";
import { throwAway } from "../../../scripts/lib/throw-away.ts";
import { UNLIMITED } from "../../lib/stand.ts";

interface Answer {
  status: number;
  body: string;
  cookies: string[];
}

export class House {
  readonly stack: Stack;
  readonly #end: (logs: string) => Promise<void>;
  readonly #agent = new Agent({ keepAlive: true });
  #cookie = "";
  userId = "";

  private constructor(stack: Stack, end: (logs: string) => Promise<void>) {
    this.stack = stack;
    this.#end = end;
  }

  static async open(names: readonly Name[], more = { apis: 0, workers: 0 }, set = {}): Promise<House> {
    const { stack, end } = await throwAway(names, { ...UNLIMITED, ...set }, more);
    const house = new House(stack, end);
    try {
      await stack.start(() => undefined);
      for (const port of house.ports)
        if (!(await until(() => httpReady(`http://127.0.0.1:${port}/api/readyz`), { timeout: 60_000 })))
          throw new Sentence("An API doesn't get ready.");
      await house.#register();
    } catch (error) {
      await house.end();
      throw error;
    }
    return house;
  }

  /** Of the APIs. */
  get ports(): number[] {
    return [this.stack.plan.ports.api, ...(this.stack.plan.more?.apis ?? [])];
  }

  /** Where Postgres's superuser finds the rows. */
  get database(): string {
    const { ports, secrets } = this.stack.plan;
    return `postgresql://postgres:${secrets.superuser}@127.0.0.1:${ports.postgres}/${DATABASE}`;
  }

  async pid(name: ServiceName): Promise<number> {
    const pid = await this.stack.pid(name);
    if (pid === null) throw new Sentence(`${name} doesn't run any more.`);
    return pid;
  }

  /** Throws a sentence unless it is a success. */
  async get(path: string, port = this.ports[0]!): Promise<string> {
    return (await this.#ask("GET", path, port)).body;
  }

  async post(path: string, body: unknown): Promise<unknown> {
    return JSON.parse((await this.#ask("POST", path, this.ports[0]!, JSON.stringify(body))).body) as unknown;
  }

  async #register(): Promise<void> {
    const body = { name: "Bench", email: "bench@example.com", password: "a quiet engine of brass and thought" };
    const { cookies } = await this.#ask("POST", "/api/v1/auth/register", this.ports[0]!, JSON.stringify(body));
    this.#cookie = cookies.map((cookie) => cookie.split(";")[0]).join("; ");
    this.userId = (JSON.parse(await this.get("/api/v1/me")) as { id: string }).id;
  }

  async #ask(method: string, path: string, port: number, body?: string): Promise<Answer> {
    const headers = {
      ...{ cookie: this.#cookie, origin: this.stack.plan.env["SITE_URL"] ?? "" },
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    };
    const answer = await new Promise<Answer>((resolve, reject) => {
      const asked = request({ agent: this.#agent, host: "127.0.0.1", port, method, path, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.once("error", reject);
        response.once("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString(),
            cookies: response.headers["set-cookie"] ?? [],
          }),
        );
      });
      asked.once("error", reject);
      asked.end(body);
    });
    if (answer.status >= 400) throw new Sentence(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 200)}`);
    return answer;
  }

  async end(): Promise<void> {
    this.#agent.destroy();
    await this.#end("bench-scale-logs");
  }
}
