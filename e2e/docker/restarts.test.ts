/** `docker compose restart` of each service in turn under a constant load: what is told to whom, and for how long. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { sleep } from "../chaos/time.ts";
import { WireClient } from "../lib/wire.ts";
import { Party } from "./lib/party.ts";
import { compose, composed, measured, well } from "./lib/stack.ts";

const SERVICES = ["beat", "web", "worker", "api", "nginx", "valkey", "postgres"];
const PATIENCE = 10_000;
const WELL_WITHIN = 15_000;
const ENDS_WITHIN = 60_000;

interface Call {
  path: string;
  at: number;
  ms: number;
  /** What is wrong with the answer, or with its absence. */
  fault: string | null;
  isGood: boolean;
}

/** Asks without a pause, and judges each answer. */
class Load {
  readonly calls: Call[] = [];
  readonly #running: Promise<void>[];
  #over = false;

  constructor(client: WireClient) {
    const create = { method: "POST", body: JSON.stringify({ kind: "project_plan", prompt: "A dial, in 5 tokens" }) };
    this.#running = [
      this.#ask(client, "/api/v1/tasks"),
      this.#ask(client, "/api/v1/me"),
      this.#ask(client, "/api/v1/tasks", create),
      this.#ask(client, "/"),
      this.#ask(client, "/tasks"),
    ];
  }

  async #ask(client: WireClient, path: string, init: { method?: string; body?: string } = {}): Promise<void> {
    while (!this.#over) {
      const at = performance.now();
      const told = `${init.method ?? "GET"} ${path}`;
      try {
        const signal = AbortSignal.timeout(PATIENCE);
        const response = await client.fetch(path, { ...init, redirect: "manual", signal });
        const text = await response.text();
        this.calls.push({ path: told, at, ms: performance.now() - at, ...judged(path, response, text) });
      } catch (error) {
        const ms = performance.now() - at;
        const fault =
          ms >= PATIENCE ? "hangs" : `${String(error)}: ${error instanceof Error ? String(error.cause) : ""}`;
        this.calls.push({ path: told, at, ms, fault, isGood: false });
      }
      await sleep(50);
    }
  }

  async end(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#running);
  }
}

function judged(path: string, { status, headers }: Response, text: string): Pick<Call, "fault" | "isGood"> {
  if (status < 400) return { fault: null, isGood: true };
  const isOutage = status === 502 || status === 503;
  const said = `${status} ${headers.get("content-type")} ${text.slice(0, 200)}`;
  if (!isOutage) return { fault: said, isGood: false };
  const isOurs = path.startsWith("/api/")
    ? headers.get("content-type") === "application/problem+json" && JSON.parse(text).status === status
    : headers.get("content-type")?.startsWith("text/html") === true && !/<center>nginx/.test(text);
  const mayRetry = /^\d+$/.test(headers.get("retry-after") ?? "");
  return { fault: isOurs && mayRetry ? null : `not ours, or without Retry-After: ${said}`, isGood: false };
}

/** Nobody listens while nginx itself starts: then a connection may be refused or cut, but never be left open. */
const isExcused = (service: string, { fault }: Call): boolean =>
  service === "nginx" && fault !== null && /ECONNREFUSED|ECONNRESET|other side closed|EPIPE/.test(fault);

let party: Party;
let client: WireClient;
before(async () => {
  await well(30_000);
  party = await Party.join();
  client = await WireClient.register(composed.url);
});
after(() => party?.leave());

for (const service of SERVICES)
  test(`a restart of ${service} costs nobody a stream, and is told as an outage`, { timeout: 150_000 }, async () => {
    const load = new Load(client);
    const watched = await party.begin(1, 600);
    await watched.isUnderWay();
    const from = performance.now();

    await compose("restart", service);

    const up = performance.now();
    measured(`restart of ${service} took`, up - from);
    measured(`${service} restarted, all well after that`, await well(WELL_WITHIN));
    const calm = performance.now();
    await Promise.all([watched.ends(ENDS_WITHIN), sleep(1_000)]);
    await load.end();
    await party.judged();
    const faults = load.calls.filter((call) => call.fault !== null && !isExcused(service, call));
    assert.deepEqual(faults, []);
    const late = load.calls.filter(({ at, isGood }) => at > calm && !isGood);
    assert.deepEqual(late, [], "all is well afterwards");
    const bad = load.calls.filter(({ isGood }) => !isGood);
    const longest = Math.max(...load.calls.map(({ ms }) => ms));
    measured(`restart of ${service}: longest answer`, longest);
    measured(`restart of ${service}: answers that told of the outage, of ${load.calls.length}`, bad.length, "calls");
  });
