/** What stands behind nginx comes, goes, moves and breaks; streams pass through as they are. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { WebSocket } from "ws";

import { until } from "../chaos/time.ts";
import { docker } from "./lib/engine.ts";
import { ask, askHttp2, jsonOf, textsOf } from "./nginx/ask.ts";
import { type Nginx, Rig } from "./nginx/rig.ts";

const rig = new Rig();
let nginx: Nginx;

before(async () => {
  await rig.build({});
  await Promise.all([rig.stub("api", "api-1"), rig.stub("api", "api-2"), rig.stub("web")]);
  nginx = await rig.nginx();
  assert(await until(async () => (await ask(`${nginx.url}/api/who`)).status === 200, 10_000), "the stubs answer");
});
after(() => rig.end());

const nameBehind = async (at: Nginx) => jsonOf(await ask(`${at.url}/api/who`))["name"];

/** Streams that one of the replicas has seen closed. */
const closed = async () => {
  const all = await Promise.all(Array.from({ length: 6 }, () => ask(`${nginx.url}/api/asked`)));
  return Math.max(...all.map((answer) => Number(jsonOf(answer)["closedStreams"])));
};

/** How often a request came, to both replicas together. */
const asked = async (method: string, path: string) => {
  const said = new Map<unknown, number>();
  const both = await until(async () => {
    const answer = await ask(`${nginx.url}/api/asked`);
    if (answer.status !== 200) return false; // a replica that hung up a few times is left alone for a moment
    const { name, asked } = jsonOf(answer);
    said.set(name, Number(textsOf(asked)[`${method} ${path}`] ?? 0));
    return said.size === 2;
  }, 8_000);
  assert(both, "both replicas answer again");
  return [...said.values()].reduce((sum, count) => sum + count, 0);
};

void describe("streams", () => {
  for (const path of ["/api/v1/tasks/1/stream", "/api/design/stream"])
    test(`${path}: each event comes as it was sent, whatever encodings are accepted`, async () => {
      const response = await fetch(nginx.url + path, { headers: { "accept-encoding": "gzip, br" } });
      const delays: number[] = [];
      for await (const chunk of response.body ?? [])
        for (const [, at] of Buffer.from(chunk)
          .toString()
          .matchAll(/data: (\d+)/g))
          delays.push(Date.now() - Number(at));

      assert.equal(response.headers.get("content-type"), "text/event-stream");
      assert.equal(response.headers.get("content-encoding"), null);
      assert.equal(delays.length, 10);
      // Held back, the first would be 900 ms late.
      assert(Math.max(...delays) < 500, `no event is held back: ${delays.join(" ")} ms`);
    });

  test("what an answer says to proxies is also heard by those in front of nginx", async () => {
    const { headers } = await fetch(`${nginx.url}/api/design/stream?says`, { signal: AbortSignal.timeout(5_000) });

    assert.equal(headers.get("x-accel-buffering"), "no");
  });

  test("over HTTP/2 too", async () => {
    const { body, arrivals } = await askHttp2(`${nginx.url}/api/design/stream`, { "accept-encoding": "gzip, br" });

    assert.equal(body.match(/data: /g)?.length, 10);
    assert((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0) > 700, "spread in time");
  });

  test("a client that goes is gone for the upstream, too", async () => {
    const before = await closed();
    const gone = new AbortController();
    await Promise.all(
      Array.from({ length: 4 }, () => fetch(`${nginx.url}/api/1/stream?flood`, { signal: gone.signal })),
    );
    gone.abort();

    assert(await until(async () => (await closed()) > before, 3_000));
  });

  test("a large answer of the API is compressed where that is wanted", async () => {
    const packed = await ask(`${nginx.url}/api/large`, { headers: { "accept-encoding": "gzip" } });

    assert.deepEqual(packed.headers["content-encoding"], ["gzip"]);
    assert(packed.body.length < 500);
  });
});

test("a WebSocket is upgraded, and nothing else is", async () => {
  const socket = new WebSocket(`${nginx.url.replace("http", "ws")}/ws/events`);
  const heard = await new Promise<string>((resolve, reject) => {
    socket.once("message", (data: Buffer) => resolve(data.toString()));
    socket.once("error", reject);
  });
  socket.terminate();
  const h2c = { upgrade: "h2c", connection: "Upgrade, HTTP2-Settings", "http2-settings": "AAMAAABkAAQAAP__" };

  assert.deepEqual([JSON.parse(heard).url, JSON.parse(heard).upgrade], ["/ws/events", "websocket"]);
  for (const [path, headers] of [
    ["/ws/events", h2c],
    ["/api/x", h2c],
    ["/api/x", { upgrade: "websocket", connection: "upgrade" }],
  ] as const) {
    const { status, body } = await ask(nginx.url + path, { headers });

    assert.equal(status, 200, path);
    assert.equal(JSON.parse(body.toString()).headers.upgrade, undefined, path);
  }
});

void describe("an upstream that hangs up without an answer", () => {
  for (const [method, once] of [
    ["GET", false],
    ["PUT", false],
    ["DELETE", false],
    ["POST", true],
    ["PATCH", true],
  ] as const)
    test(`a ${method} is sent ${once ? "once" : "to the other replica, too"}`, async () => {
      const path = `/api/${method.toLowerCase()}/drop`;
      const answer = await ask(nginx.url + path, { method, ...(method === "GET" ? {} : { body: "{}" }) });

      assert.equal(answer.status, 502);
      assert.equal(jsonOf(answer)["code"], "unavailable");
      const times = await asked(method, path);
      // A kept connection may have been closed before: that costs no try.
      assert(once ? times === 1 : times === 2 || times === 3, `${times} times`);
    });
});

void describe("names are resolved while nginx runs", () => {
  test("it starts before its upstreams, finds the first, a second, and follows to another address", async () => {
    const early = await rig.nginx({ API_UPSTREAM: "late:8000" });
    assert.equal((await ask(`${early.url}/api/who`)).status, 502);

    const first = await rig.stub("late", "first");
    const found = async (name: string, within = 3_000) =>
      assert(await until(async () => (await nameBehind(early)) === name, within), `${name} is found`);
    await found("first");
    await rig.stub("late", "second");
    await found("second");
    await docker(["kill", first]);
    await rig.stub("spare"); // takes the address that is free now
    await rig.stub("late", "third");
    await found("third");
  });

  test("while one of two replicas is killed, reads go on, a POST is lost only where it was sent, and nothing waits long", async () => {
    const replicas = [await rig.stub("pair", "left"), await rig.stub("pair", "right")];
    const paired = await rig.nginx({
      API_UPSTREAM: "pair:8000",
      NGINX_REQUESTS_PER_SECOND: "10000",
      NGINX_BURST: "10000",
    });
    const seen = new Set<unknown>();
    assert(await until(async () => seen.add(await nameBehind(paired)).size === 2, 4_000));
    const answers: { method: string; status: number; ms: number }[] = [];
    const load = new AbortController();
    const loaders = ["GET", "GET", "POST", "POST"].map(async (method) => {
      while (!load.signal.aborted) {
        const from = performance.now();
        const { status } = await ask(`${paired.url}/api/who`, { method });
        answers.push({ method, status, ms: performance.now() - from });
      }
    });

    await docker(["kill", replicas[0] ?? ""]);
    const sent = answers.length;
    await until(() => answers.length > sent + 1_000, 8_000);
    load.abort();
    await Promise.all(loaders);

    const wrong = answers.filter(({ status }) => status !== 200);
    assert.deepEqual(
      wrong.filter(({ method }) => method === "GET"),
      [],
    );
    assert(wrong.length <= 2, `of the POSTs only those that were under way: ${JSON.stringify(wrong)}`);
    assert(Math.max(...answers.map(({ ms }) => ms)) < 5_000);
  });
});
