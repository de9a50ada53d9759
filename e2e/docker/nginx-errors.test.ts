/** What nginx answers when something is wrong: problems for programs, a page for people. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { until } from "../chaos/time.ts";
import { docker } from "./lib/engine.ts";
import { type Answer, ask, jsonOf } from "./nginx/ask.ts";
import { type Nginx, Rig, SECURITY } from "./nginx/rig.ts";

const HANDSHAKE = {
  connection: "upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

const rig = new Rig();
let nginx: Nginx;
let alone: Nginx;

const shake = (headers: Record<string, string>, body?: string) =>
  ask(`${nginx.url}/ws/events`, { headers: { ...HANDSHAKE, ...headers }, ...(body && { body }) });

before(async () => {
  await rig.build({ "public/note.txt": "a note\n" });
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
    ["a method that nobody knows", 405, "method_not_allowed", () => ask(`${nginx.url}/api/x`, { method: "MAKE" })],
    ["a handshake without a key", 400, "invalid_request", () => shake({ "sec-websocket-key": "short" })],
    ["a handshake of another version", 400, "invalid_request", () => shake({ "sec-websocket-version": "12" })],
    ["a handshake from two origins", 400, "invalid_request", () => shake({ origin: "http://a.test, http://b.test" })],
    ["a handshake with a body", 400, "invalid_request", () => shake({ "content-length": "5" }, "hello")],
    ["a handshake with chunks", 400, "invalid_request", () => shake({ "transfer-encoding": "chunked" }, "hello")],
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

  test("a part of a file that it hasn't", async () => {
    const { status, headers } = await ask(`${nginx.url}/note.txt`, { headers: { range: "bytes=99-" } });

    assert.equal(status, 416);
    for (const name of [...SECURITY, "cache-control", "content-type"]) assert.equal(headers[name]?.length, 1, name);
  });

  test("plain http on the port of https", async () => {
    const tls = await rig.nginx({ TLS: "self-signed", SITE_URL: "https://site.test" });
    const answer = await docker(["exec", tls.id, "curl", "--silent", "--include", "http://127.0.0.1:8443/api/x"]);

    assert.match(answer, /^HTTP\/1\.1 400 .*\r\n[^]*application\/problem\+json\r\n[^]*"code":"invalid_request"/);
  });

  test("the log has the method that was asked", async () => {
    const id = "a-method-of-its-own";
    await ask(`${nginx.url}/api/x`, { method: "POST", body: large, headers: { "x-request-id": id } });

    const logged = async () => (await rig.log(nginx)).find((line) => line["request_id"] === id)?.["method"];
    assert(await until(async () => (await logged()) !== undefined, 5_000));
    assert.equal(await logged(), "POST");
  });

  test("what an identity provider sends along is in no log, whatever goes wrong", async () => {
    const [code, other] = ["canary-of-a-code", "canary-of-a-query"];
    const callback = `/api/v1/auth/google/callback?code=${code}&state=x`;
    const lost = await ask(`${alone.url}${callback}`);
    const refused = await ask(`${nginx.url}${callback}`, { method: "POST", body: large });
    await ask(`${alone.url}/api/v1/me?note=${other}`);

    assert.deepEqual([lost.status, refused.status], [502, 413]);
    assert.equal(jsonOf(lost)["code"], "unavailable");
    assert(await until(async () => (await rig.complaints(alone)).includes(other), 5_000), "others are complained of");
    for (const one of [alone, nginx]) {
      const lines = (await rig.complaints(one)) + JSON.stringify(await rig.log(one));
      assert(!lines.includes(code));
      assert(lines.includes("/api/v1/auth/google/callback"));
    }
  });

  test("the longest prompt, escaped at its worst, needs no disk", async () => {
    const diskless = await rig.nginx();
    await docker(["exec", diskless.id, "rm", "-r", "/var/cache/nginx/client_temp"]);
    const post = (body: string) => ask(`${diskless.url}/api/x`, { method: "POST", body });
    const longest = `{"kind":"project_plan","prompt":"${"\\ud83d\\udd2d".repeat(8_000)}"}`;

    assert.equal(jsonOf(await post(longest))["bytes"], longest.length);
    assert.equal((await post(longest.repeat(2))).status, 500);
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
      assert(page.replaceAll(/\s+/g, " ").includes(`${status} · request ${String(headers["x-request-id"])}`));
      assert.doesNotMatch(page, /<link|src=|@import|<!--#/);
      for (const [, , inside = ""] of page.matchAll(/<(style|script)>([^]*?)<\/\1>/g))
        assert(
          policy.includes(`'sha256-${createHash("sha256").update(inside).digest("base64")}'`),
          `the policy has the hash of ${inside}`,
        );
      for (const name of [...SECURITY, "content-security-policy"]) assert.equal(headers[name]?.length, 1, name);
    });
});
