/** Whatever a client says of itself and of the site: the address that is logged and what is linked don't move. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { isIP } from "node:net";
import { before, test } from "node:test";

import { until } from "../chaos/time.ts";
import { WireClient } from "../lib/wire.ts";
import { compose, composed, well } from "./lib/stack.ts";

const EVIL = "evil.example";
const ADDRESS = "203.0.113.7";

/** Thirty ways of being somebody else, somewhere else. */
const LIES: readonly Record<string, string>[] = [
  { "x-forwarded-for": ADDRESS },
  { "x-forwarded-for": `${ADDRESS}, 10.0.0.1` },
  { "x-forwarded-for": `127.0.0.1, ${ADDRESS}` },
  { "x-forwarded-for": `${ADDRESS}:4711` },
  { "x-forwarded-for": "2001:db8::7" },
  { "x-forwarded-for": `"><script>, ${ADDRESS}` },
  { "x-forwarded-for": Array.from({ length: 40 }, (_, number) => `203.0.113.${number}`).join(", ") },
  { "x-real-ip": ADDRESS },
  { "x-real-ip": "127.0.0.1" },
  { "x-client-ip": ADDRESS, "true-client-ip": ADDRESS, "cf-connecting-ip": ADDRESS },
  { forwarded: `for=${ADDRESS};host=${EVIL};proto=https` },
  { forwarded: `for="[2001:db8::7]:4711"` },
  { forwarded: `for=127.0.0.1, for=${ADDRESS}` },
  { host: EVIL },
  { host: `${EVIL}:80` },
  { host: "localhost" },
  { host: "127.0.0.1:1" },
  { host: "api:8000" },
  { "x-forwarded-host": EVIL },
  { "x-forwarded-host": `${EVIL}, localhost` },
  { "x-forwarded-port": "4711" },
  { "x-forwarded-proto": "https" },
  { "x-forwarded-proto": "javascript" },
  { "x-forwarded-prefix": `//${EVIL}` },
  { "x-original-host": EVIL, "x-host": EVIL, "x-http-host-override": EVIL },
  { "x-original-url": `//${EVIL}/`, "x-rewrite-url": `//${EVIL}/` },
  { host: EVIL, "x-forwarded-host": EVIL, "x-forwarded-for": ADDRESS },
  { host: EVIL, forwarded: `for=${ADDRESS};host=${EVIL}`, "x-forwarded-proto": "https" },
  { "x-forwarded-for": ADDRESS, "x-real-ip": ADDRESS, forwarded: `for=${ADDRESS}` },
  {
    "x-forwarded-for": ADDRESS,
    "x-forwarded-host": EVIL,
    "x-forwarded-proto": "https",
    "x-forwarded-port": "443",
    "x-real-ip": ADDRESS,
    forwarded: `for=${ADDRESS};host=${EVIL};proto=https`,
  },
];

interface Answer {
  status: number;
  location: string | undefined;
  body: string;
  /** How many more the address may. */
  remaining: number;
}

/** As `fetch`, but lets one say any Host. */
async function ask(method: string, path: string, headers: Record<string, string>, body = ""): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(new URL(path, composed.url), { method, headers, agent: false }, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => (text += chunk));
    response.on("end", () =>
      resolve({
        status: response.statusCode!,
        location: response.headers.location,
        body: text,
        remaining: Number(response.headers["ratelimit-remaining"]),
      }),
    );
    response.on("error", reject);
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}

/** The API's log lines of requests with these ids. */
async function logged(ids: readonly string[]): Promise<Map<string, Record<string, unknown>>> {
  const found = new Map<string, Record<string, unknown>>();
  const read = async () => {
    for (const line of (await compose("logs", "--no-log-prefix", "--no-color", "--tail=2000", "api")).split("\n")) {
      if (!line.startsWith("{")) continue;
      const entry: Record<string, unknown> = JSON.parse(line);
      if (entry["event"] === "request" && typeof entry["request_id"] === "string")
        found.set(entry["request_id"], entry);
    }
    return ids.every((id) => found.has(id));
  };
  assert(await until(read, 10_000), "the API logs every request with the id that it was given");
  return found;
}

const addressesIn = (entry: Record<string, unknown> = {}): string[] =>
  Object.values(entry).flatMap((value) => (typeof value === "string" && isIP(value) ? [value] : []));

let client: WireClient;
before(async () => {
  await well(30_000);
  client = await WireClient.register(composed.url);
});

test("no header moves the client address that the API logs", { timeout: 60_000 }, async () => {
  const asked = await Promise.all(
    [{}, ...LIES].map(async (lie) => {
      const id = `spoof-${randomUUID()}`;
      const { status } = await ask("GET", "/api/v1/tasks", { ...client.headers, "x-request-id": id, ...lie });
      return { id, lie, status };
    }),
  );
  const reached = asked.filter(({ status }) => status === 200);
  const entries = await logged(reached.map(({ id }) => id));

  const [honest] = addressesIn(entries.get(asked[0]!.id));
  assert(honest, `the log line has the client's address: ${JSON.stringify(entries.get(asked[0]!.id))}`);
  assert(reached.length > 20, `${reached.length} of ${asked.length} reach the API`);
  for (const { id, lie } of reached)
    assert.deepEqual(addressesIn(entries.get(id)), [honest], `with ${JSON.stringify(lie)}`);
  for (const { lie, status } of asked.filter((one) => !reached.includes(one)))
    assert(status === 400 || status === 421, `${status} with ${JSON.stringify(lie)}`);
});

test("no header moves what is counted for an address", { timeout: 60_000 }, async () => {
  const left: number[] = [];
  for (const lie of LIES) {
    const headers = { ...client.headers, "content-type": "application/json", ...lie };
    const { status, remaining, body } = await ask("POST", "/api/v1/auth/verify-email", headers, "{}");
    if (status === 400 || status === 421) continue;
    assert.equal(status, 422, `${JSON.stringify(lie)}: ${body}`);
    left.push(remaining);
  }

  assert(left.length > 20, `${left.length} of ${LIES.length} reach the API`);
  assert.deepEqual(
    left,
    left.map((_, index) => left[0]! - index),
    "each counts for the same address",
  );
});

interface Exported {
  data: { audit_details: { address: string }[] };
}

test("no header moves the address in the audit log", { timeout: 60_000 }, async () => {
  let last = "";
  for (const lie of [...LIES, {}]) {
    const { status, body } = await ask("GET", "/api/v1/me/export", { ...client.headers, ...lie });
    if (status === 400 || status === 421) continue;
    assert.equal(status, 200, `${JSON.stringify(lie)}: ${body}`);
    last = body;
  }

  const { data }: Exported = JSON.parse(last);
  assert(data.audit_details.length > 20, "every export is noted");
  assert.equal(new Set(data.audit_details.map(({ address }) => address)).size, 1);
});

const PAGES = ["/", "/tasks", "/sign-in?next=%2Ftasks", "/no/such/page", "/api/v1/no-such", "/_next/static"];
const isOurs = (address: string): boolean =>
  /^\/(?!\/)/.test(address) || address === composed.url || address.startsWith(`${composed.url}/`);

test("no header moves a redirect or a link of a page", { timeout: 120_000 }, async () => {
  for (const lie of LIES)
    for (const page of PAGES) {
      const { status, location, body } = await ask("GET", page, lie);
      const told = `${page} with ${JSON.stringify(lie)}`;
      assert(status < 500, `${told}: ${status}`);
      if (location !== undefined) assert(isOurs(location), `${told}: to ${location}`);
      assert(!body.includes(EVIL) && !body.includes(ADDRESS), `${told}: the page repeats it`);
    }
});

test("no header moves the address of what was created", { timeout: 60_000 }, async () => {
  const task = JSON.stringify({ kind: "project_plan", prompt: "A sundial, in 20 tokens" });

  for (const lie of LIES) {
    const headers = { ...client.headers, "content-type": "application/json", ...lie };
    const { status, location, body } = await ask("POST", "/api/v1/tasks", headers, task);
    if (status === 400 || status === 421) continue;
    assert.equal(status, 202, `${JSON.stringify(lie)}: ${body}`);
    assert.match(location ?? "", /^\/api\/v1\/tasks\/[0-9a-f-]{36}$/);
  }
});
