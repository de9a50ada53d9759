/** The landing page through nginx, as crowds meet it: kept for a second, and the same for everybody. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { until } from "../chaos/time.ts";
import { WireClient } from "../lib/wire.ts";
import { compose, composed, haste, well } from "./lib/stack.ts";
import { type Answer, ask } from "./nginx/ask.ts";

let page: Answer;
before(async () => {
  await well(30_000);
  page = await get("/");
  assert.equal(page.status, 200);
});

const get = (path: string, headers: Record<string, string> = {}) => ask(composed.url + path, { headers });

let numbers = 0;
const unique = (): string => `landing-${process.pid}-${(numbers += 1)}`;

/** Which of these requests went on to Next, by nginx's log: the others had what was kept. */
async function passedOn(ids: readonly string[]): Promise<string[]> {
  let passed = new Map<string, boolean>();
  const isWritten = async () => {
    const lines = (await compose("logs", "--no-log-prefix", "nginx"))
      .split("\n")
      .filter((line) => line.startsWith("{"));
    const found = lines.map((line) => JSON.parse(line)).filter(({ request_id }) => ids.includes(request_id));
    passed = new Map(found.map(({ request_id, upstream }) => [request_id, upstream !== ""]));
    return passed.size === ids.length;
  };
  assert(await until(isWritten, 10_000 * haste()), "the requests are in the log");
  return ids.filter((id) => passed.get(id));
}

void describe("the landing page", () => {
  test("is Next's once for a crowd", { timeout: 60_000 }, async () => {
    const path = `/?${unique()}`;
    const ids = Array.from({ length: 20 }, unique);
    await get(path);

    const answers = await Promise.all(ids.map((id) => get(path, { "x-request-id": id })));

    for (const { body } of answers) assert.deepEqual(body, page.body);
    // One when the second is over, for all the others.
    const passed = await passedOn(ids);
    assert(passed.length <= 1, `${passed.length} of ${ids.length} were passed on`);
  });

  test("may be kept by nobody else, and has each request's own id", async () => {
    const { headers } = await get("/", { "x-request-id": "landing-own-id" });

    assert.deepEqual(headers["cache-control"], ["public, max-age=0, must-revalidate"]);
    assert.deepEqual(headers["x-request-id"], ["landing-own-id"]);
    assert.equal(headers["x-accel-expires"], undefined);
    assert.equal(headers["set-cookie"], undefined);
    for (const name of ["content-security-policy", "etag", "x-content-type-options"])
      assert.equal(headers[name]?.length, 1, name);
  });

  test("is the same for who is signed in, who was, and who isn't", async () => {
    const client = await WireClient.register(composed.url);
    const cookies = [
      client.headers["cookie"] ?? "",
      "access=expired; refresh=used",
      "__Host-access=x; __Host-refresh=y; renewed=1",
    ];
    for (const cookie of cookies) {
      const path = `/?${unique()}`;
      const [own, next] = [await get(path, { cookie }), await get(path)];

      for (const { status, headers, body } of [own, next]) {
        assert.equal(status, 200);
        assert.equal(headers["set-cookie"], undefined);
        assert.deepEqual(body, page.body);
      }
    }
  });

  test("answers HEAD, and 304 to who has it", async () => {
    const etag = String(page.headers["etag"]);
    const head = await ask(`${composed.url}/`, { method: "HEAD" });
    const same = await get("/", { "if-none-match": etag });
    const other = await get("/", { "if-none-match": '"another"' });

    assert.deepEqual([head.status, head.body.length, head.headers["etag"]], [200, 0, [etag]]);
    assert.deepEqual([same.status, same.body.length], [304, 0]);
    assert.deepEqual([other.status, other.body], [200, page.body]);
  });

  for (const headers of [
    { rsc: "1" },
    { rsc: "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree" },
    { "next-action": "0".repeat(40) },
    { "x-nextjs-data": "1" },
    { "x-middleware-prefetch": "1" },
    { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
    { "x-invoke-status": "500", "x-invoke-path": "/_error" },
    { "x-matched-path": "/sign-in" },
    { "x-forwarded-host": "evil.test", "x-forwarded-proto": "https" },
    { "content-security-policy": "script-src 'nonce-evil'" },
    { "accept-encoding": "gzip" },
    { range: "bytes=0-1" },
    { "if-none-match": "*" },
  ])
    test(`is what it was for whoever comes after ${JSON.stringify(headers)}`, async () => {
      const path = `/?${unique()}`;
      await get(path, headers);

      const { status, headers: found, body } = await get(path);

      assert.equal(status, 200);
      assert.deepEqual(body, page.body);
      for (const name of ["content-type", "content-encoding", "content-security-policy", "cache-control", "etag"])
        assert.deepEqual(found[name], page.headers[name], name);
    });

  test("is what it was, whatever stands in a query or leads to it", async () => {
    for (const query of ["?_rsc=1", "?renewed", "?next=//evil.test", "?%0d%0aset-cookie:a=1", "?<script>"]) {
      const asked = await get(`/${query}`);

      assert.equal(asked.headers["set-cookie"], undefined, query);
      assert.deepEqual((await get("/")).body, page.body, query);
    }
    for (const path of ["//", "/./", "/x/..", "/%2e", "/%2f", "/?"]) {
      await get(path);
      const { status, body } = await get("/");

      assert.equal(status, 200, path);
      assert.deepEqual(body, page.body, path);
    }
  });
});

for (const path of ["/sign-in", "/register", "/tasks", "/settings", "/nowhere"])
  test(`${path} is asked for each time`, { timeout: 60_000 }, async () => {
    const ids = Array.from({ length: 3 }, unique);
    for (const id of ids) await get(path, { "x-request-id": id });

    assert.deepEqual(await passedOn(ids), ids);
  });
