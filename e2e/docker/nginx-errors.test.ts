/** What nginx answers when something is wrong: problems for programs, a page for people. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { until } from "../chaos/time.ts";
import { type Answer, ask, jsonOf } from "./nginx/ask.ts";
import { type Nginx, Rig, SECURITY } from "./nginx/rig.ts";

const rig = new Rig();
let nginx: Nginx;
let alone: Nginx;

before(async () => {
  await rig.build({});
  await Promise.all([rig.stub("api"), rig.stub("web")]);
  [nginx, alone] = await Promise.all([
    rig.nginx(),
    rig.nginx({ API_UPSTREAM: "nobody:8000", WEB_UPSTREAM: "nobody:3000" }),
  ]);
  assert(await until(async () => (await ask(`${nginx.url}/api/x`)).status === 200, 10_000), "the stub answers");
});
after(() => rig.end());

void describe("errors of nginx's own", () => {
  const long = "x".repeat(9_000);
  const large = Buffer.alloc(2 * 1024 * 1024 + 1);
  const cases: [string, number, string, () => Promise<Answer>][] = [
    ["a part is away", 502, "unavailable", () => ask(`${alone.url}/api/v1/tasks`)],
    ["a part is away, for a socket", 502, "unavailable", () => ask(`${alone.url}/ws/events`)],
    [
      "a part is away, for a POST",
      502,
      "unavailable",
      () => ask(`${alone.url}/api/v1/tasks`, { method: "POST", body: "{}" }),
    ],
    ["a part is away, for a stream", 502, "unavailable", () => ask(`${alone.url}/api/v1/tasks/1/stream`)],
    ["a body far too large", 413, "too_large", () => ask(`${nginx.url}/api/v1/tasks`, { method: "POST", body: large })],
    ["a header too large", 431, "headers_too_large", () => ask(`${nginx.url}/api/x`, { headers: { cookie: long } })],
    ["an address too long", 414, "uri_too_long", () => ask(`${nginx.url}/api/${long}`)],
    ["a method for nobody", 405, "method_not_allowed", () => ask(`${nginx.url}/api/x`, { method: "TRACE" })],
    [
      "not understood",
      400,
      "invalid_request",
      () => ask(`${nginx.url}/api/x`, { headers: { "content-length": "1", "transfer-encoding": "chunked" } }),
    ],
  ];
  for (const [what, status, code, make] of cases)
    test(`${what}: a problem, ${status} ${code}`, async () => {
      const answer = await make();
      const problem = jsonOf(answer);

      assert.equal(answer.status, status);
      assert.deepEqual(answer.headers["content-type"], ["application/problem+json"]);
      assert.deepEqual(Object.keys(problem), ["type", "title", "status", "detail", "code", "request_id"]);
      assert.deepEqual([problem["type"], problem["status"], problem["code"]], ["about:blank", status, code]);
      assert.deepEqual(answer.headers["x-request-id"], [problem["request_id"]]);
      assert.equal(answer.headers["retry-after"]?.length, status === 502 ? 1 : undefined);
      for (const [name, values] of Object.entries(answer.headers)) assert.equal(values.length, 1, name);
    });

  test("a body a little above the API's limit is the API's to refuse", async () => {
    const answer = await ask(`${nginx.url}/api/x`, { method: "POST", body: Buffer.alloc(1024 * 1024 + 1) });

    assert.equal(jsonOf(answer)["bytes"], 1024 * 1024 + 1);
  });

  test("an upstream's own error is passed on as it is", async () => {
    const answer = await ask(`${nginx.url}/api/problem`);

    assert.equal(answer.status, 503);
    assert.equal(jsonOf(answer)["name"], "api");
  });

  for (const [what, url, status] of [
    ["nobody there", () => `${alone.url}/tasks`, 502],
    ["nothing there", () => `${nginx.url}/.env`, 404],
  ] as const)
    test(`a page for people where there is ${what}, with everything it needs in it`, async () => {
      const { status: found, headers, body } = await ask(url());
      const page = body.toString();
      const policy = String(headers["content-security-policy"]);

      assert.equal(found, status);
      assert.deepEqual(headers["content-type"], ["text/html; charset=utf-8"]);
      assert.deepEqual(headers["cache-control"], ["no-store"]);
      assert(page.includes(`${status} · request ${String(headers["x-request-id"])}`));
      assert.doesNotMatch(page, /<link|src=|@import|<!--#/);
      for (const [, , inside = ""] of page.matchAll(/<(style|script)>([^]*?)<\/\1>/g))
        assert(
          policy.includes(`'sha256-${createHash("sha256").update(inside).digest("base64")}'`),
          `the policy has the hash of ${inside}`,
        );
      for (const name of [...SECURITY, "content-security-policy"]) assert.equal(headers[name]?.length, 1, name);
    });
});
