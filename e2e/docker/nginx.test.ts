/** What nginx answers: what goes where, files from disk, errors of its own, headers once, nobody's word for an address. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";

import { until } from "../chaos/time.ts";
import { ask, askHttp2, jsonOf, raw, textsOf } from "./nginx/ask.ts";
import { type Nginx, Rig, SECURITY } from "./nginx/rig.ts";

const SCRIPT = "console.log('the same line again');\n".repeat(200);
const FILES = {
  ".next/static/chunks/a1b2.js": SCRIPT,
  ".next/static/media/font.woff2": "no font",
  ".next/server/app/favicon.ico.body": "icon",
  "public/note.txt": "a note\n",
  "public/app.webmanifest": "{}",
  "public/.env": "SECRET=1",
  "public/docs/page.html": "<p>page",
};

const rig = new Rig();
let nginx: Nginx;
let behind: Nginx;

before(async () => {
  await rig.build(FILES);
  await Promise.all([rig.stub("api"), rig.stub("web")]);
  [nginx, behind] = await Promise.all([
    rig.nginx(),
    rig.nginx({ TRUSTED_PROXIES: "10.0.0.0/8, 172.16.0.0/12,192.168.0.0/16", SITE_URL: "https://site.test/" }),
  ]);
  for (const url of [nginx.url, `${nginx.url}/api/x`, behind.url, `${behind.url}/api/x`])
    assert(await until(async () => (await ask(url)).status === 200, 10_000), "the stubs answer");
});
after(() => rig.end());

const get = (path: string, headers?: Record<string, string>) => ask(nginx.url + path, headers ? { headers } : {});
const heard = async (path: string, headers?: Record<string, string>, at = nginx) => {
  const said = jsonOf(await ask(at.url + path, headers ? { headers } : {}));
  return { name: said["name"], url: said["url"], headers: textsOf(said["headers"]) };
};

void describe("routing", () => {
  for (const path of ["/api/v1/tasks?x=1", "/api", "/api/", "/ws", "/ws/events", "/api/%2e%2ea/x"])
    test(`${path} is the API's, as it was written`, async () => {
      const { name, url } = await heard(path);

      assert.deepEqual({ name, url }, { name: "api", url: path });
    });

  for (const path of ["/", "/tasks/1?tab=2", "/apiary", "/wsx", "/docs/", "/.well-known/change-password"])
    test(`${path} is Next's`, async () => assert.equal((await heard(path)).name, "web"));

  for (const path of [
    "/admin/metrics",
    "/admin/metrics/",
    "//admin/metrics",
    "/api/../admin/metrics",
    "/api/..%2fadmin/metrics",
    "/%61dmin/metrics",
    "/.env",
    "/.git/config",
    "/docs/.secret",
    "/_next/image?url=%2Ficon.svg&w=640&q=75",
    "/_next/data/build/api/healthz.json",
  ])
    test(`${path} is nowhere`, async () => assert.equal((await get(path)).status, 404));

  test("a path that leaves the root, or has a zero byte, is refused", async () => {
    for (const path of ["/../etc/passwd", "/_next/static/../../../etc/passwd", "/api/%00"])
      assert.match(
        (await raw(nginx.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).text,
        /^HTTP\/1.1 400/,
      );
  });

  test("HTTP/2 without TLS, known beforehand, beside HTTP/1.1", async () => {
    const { status, body } = await askHttp2(`${nginx.url}/api/v1/tasks`);

    assert.equal(status, 200);
    assert.equal(JSON.parse(body).name, "api");
  });
});

void describe("files", () => {
  test("a hashed one is served from disk, for ever, compressed where that is wanted", async () => {
    const plain = await get("/_next/static/chunks/a1b2.js");
    const packed = await get("/_next/static/chunks/a1b2.js", { "accept-encoding": "gzip, br" });

    assert.equal(plain.body.toString(), SCRIPT);
    assert.equal(gunzipSync(packed.body).toString(), SCRIPT);
    for (const { headers } of [plain, packed]) {
      assert.deepEqual(headers["cache-control"], ["public, max-age=31536000, immutable"]);
      assert.deepEqual(headers["content-type"], ["text/javascript; charset=utf-8"]);
      assert.match(String(headers["vary"]), /Accept-Encoding/);
      for (const name of SECURITY) assert.equal(headers[name]?.length, 1, name);
    }
    assert.deepEqual(packed.headers["content-encoding"], ["gzip"]);
  });

  test("HEAD, a range and a condition", async () => {
    const url = `${nginx.url}/_next/static/chunks/a1b2.js`;
    const head = await ask(url, { method: "HEAD" });
    const part = await ask(url, { headers: { range: "bytes=0-6" } });
    const same = await ask(url, { headers: { "if-none-match": String(head.headers["etag"]) } });

    assert.deepEqual(
      [head.status, head.body.length, head.headers["content-length"]],
      [200, 0, [String(SCRIPT.length)]],
    );
    assert.deepEqual([part.status, part.body.toString()], [206, "console"]);
    assert.equal(same.status, 304);
  });

  for (const [path, type] of [
    ["/favicon.ico", "image/x-icon"],
    ["/note.txt", "text/plain"],
    ["/app.webmanifest", "application/manifest+json"],
    ["/_next/static/media/font.woff2", "font/woff2"],
  ] as const)
    test(`${path} is ${type}`, async () => {
      const { status, headers } = await get(path);

      assert.equal(status, 200);
      assert.equal(headers["content-type"]?.[0]?.split(";")[0], type);
    });

  test("only what is named by its content stays for ever", async () =>
    assert.deepEqual((await get("/note.txt")).headers["cache-control"], ["public, max-age=3600"]));

  test("a miss falls through to Next, and nothing says that it stays", async () => {
    for (const path of [
      "/_next/static/chunks/other.js",
      "/_next/static/chunks/",
      "/_next/static/chunks",
      "/nowhere.txt",
    ]) {
      const { headers, body } = await get(path);

      assert.equal(JSON.parse(body.toString()).name, "web", path);
      assert.equal(headers["cache-control"], undefined, path);
    }
  });
});

void describe("headers", () => {
  test("what is passed on has its upstream's own, once, and none that names our programs", async () => {
    for (const path of ["/api/v1/tasks", "/tasks", "/_next/static/none.js", "/api/v1/problem"]) {
      const { headers } = await get(path);

      assert.deepEqual(headers["referrer-policy"], ["no-referrer"], path);
      for (const [name, values] of Object.entries(headers)) assert.equal(values.length, 1, `${path}: ${name}`);
      assert.equal(headers["x-powered-by"], undefined);
      assert.deepEqual(headers["server"], ["nginx"]);
      assert.equal(headers["strict-transport-security"], undefined);
    }
  });

  test("every answer has the request's id: a sane one of the client's, else one of ours, and the upstream has it too", async () => {
    const sane = "0a1b2c3d-client.1";
    for (const path of ["/api/x", "/tasks", "/note.txt", "/admin/metrics"]) {
      assert.deepEqual((await get(path, { "x-request-id": sane })).headers["x-request-id"], [sane], path);
      for (const mad of ["short", 'ten"chars}', "x".repeat(129), ""])
        assert.match(
          String((await get(path, { "x-request-id": mad })).headers["x-request-id"]),
          /^[0-9a-f]{32}$/,
          path,
        );
    }
    assert.equal((await heard("/api/x", { "x-request-id": sane })).headers["x-request-id"], sane);
  });

  test("whatever a client says of itself, the upstreams hear the truth", async () => {
    const lies = {
      host: "evil.test",
      "x-forwarded-for": "203.0.113.7",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "evil.test",
      "x-forwarded-port": "4711",
      "x-real-ip": "203.0.113.7",
      forwarded: "for=203.0.113.7;host=evil.test",
      "x-forwarded-prefix": "//evil.test",
      "x-original-url": "/admin",
      "x-middleware-subrequest": "middleware",
    };
    for (const path of ["/api/x", "/ws/events", "/tasks", "/api/v1/x"]) {
      const { headers } = await heard(path, lies);

      assert.equal(headers["host"], "site.test:8080");
      assert.equal(headers["x-forwarded-host"], "site.test:8080");
      assert.equal(headers["x-forwarded-port"], "8080");
      assert.equal(headers["x-forwarded-proto"], "http");
      assert.equal(headers["x-forwarded-for"], headers["x-real-ip"]);
      assert.doesNotMatch(JSON.stringify(headers), /evil|203\.0\.113|4711|admin|middleware/);
    }
  });

  test("a trusted proxy is believed, up to the first address that it doesn't vouch for", async () => {
    const { headers } = await heard(
      "/api/x",
      { "x-forwarded-for": "198.51.100.9, 203.0.113.7, 10.1.2.3", "x-forwarded-proto": "https" },
      behind,
    );
    const answer = await ask(`${behind.url}/note.txt`, { headers: { "x-forwarded-proto": "https" } });

    assert.equal(headers["x-forwarded-for"], "203.0.113.7");
    assert.equal(headers["x-forwarded-proto"], "https");
    assert.equal(headers["host"], "site.test");
    assert.equal(headers["x-forwarded-port"], "443");
    assert.match(String(answer.headers["strict-transport-security"]), /^max-age=\d+$/);
  });

  test("an upstream can't name a file of ours", async () => assert.equal((await heard("/api/inside")).name, "api"));
});

test("a line of the log is JSON and has no query", async () => {
  const id = "log-line-1234";
  await get("/api/v1/tasks?code=of-a-provider", { "x-request-id": id, "user-agent": 'a "quoted" \\ agent' });
  const log = await rig.log(nginx);
  const line = log.find((line) => line["request_id"] === id);

  assert(line);
  assert.deepEqual(
    [line["method"], line["path"], line["status"], line["upstream_status"]],
    ["GET", "/api/v1/tasks", 200, "200"],
  );
  assert.equal(line["user_agent"], 'a "quoted" \\ agent');
  assert.match(String(line["upstream"]), /^\d+\.\d+\.\d+\.\d+:8000$/);
  assert.equal(log.filter(({ path }) => String(path).includes("?")).length, 0);
  assert.deepEqual(
    log.filter(({ client }) => client === "127.0.0.1"),
    [],
    "health checks are not logged",
  );
});

test("settings that can't be are refused with a sentence", async () => {
  assert.match(await rig.refused({ TRUSTED_PROXIES: "0.0.0.0/0" }), /is everybody/);
  assert.match(await rig.refused({ TRUSTED_PROXIES: "10.0.0.1; }" }), /TRUSTED_PROXIES must be/);
  assert.match(await rig.refused({ SITE_URL: "site.test" }), /SITE_URL must be/);
  assert.match(await rig.refused({ API_UPSTREAM: "api" }), /API_UPSTREAM must be host:port/);
  assert.match(await rig.refused({ NGINX_BURST: "0" }), /NGINX_BURST must be a whole number/);
});
