/** Nobody gets more than their share of nginx, and nobody holds it up; it goes in time itself. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";

import { until } from "../chaos/time.ts";
import { docker } from "./lib/engine.ts";
import { haste } from "./lib/stack.ts";
import { type Answer, ask, jsonOf, raw } from "./nginx/ask.ts";
import { type Nginx, Rig } from "./nginx/rig.ts";

const rig = new Rig();
let nginx: Nginx;

before(async () => {
  await rig.build({ ".next/static/chunks/a.js": "1" });
  await Promise.all([rig.stub("api"), rig.stub("web")]);
  nginx = await rig.nginx();
});
after(() => rig.end());

const closedStreams = async (at: Nginx) => Number(jsonOf(await ask(`${at.url}/api/asked`))["closedStreams"]);

function refused(answer: Answer): void {
  const problem = jsonOf(answer);

  assert.deepEqual([answer.status, problem["status"], problem["code"]], [429, 429, "too_many_requests"]);
  assert.deepEqual(answer.headers["content-type"], ["application/problem+json"]);
  assert.match(String(answer.headers["retry-after"]), /^[1-9]$/);
  assert.deepEqual(answer.headers["x-request-id"], [problem["request_id"]]);
}

void describe("limits by address", () => {
  test("requests: a burst passes, what is above is a 429; files are free", async () => {
    const strict = await rig.nginx({ NGINX_REQUESTS_PER_SECOND: "1", NGINX_BURST: "3" });
    const all = await Promise.all(Array.from({ length: 10 }, () => ask(`${strict.url}/api/x?code=secret`)));
    const page = await ask(`${strict.url}/tasks`);
    const files = await Promise.all(Array.from({ length: 10 }, () => ask(`${strict.url}/_next/static/chunks/a.js`)));

    assert.equal(all.filter(({ status }) => status === 200).length, 4);
    for (const answer of all.filter(({ status }) => status !== 200)) refused(answer);
    assert.deepEqual([page.status, page.headers["content-type"]], [429, ["text/html; charset=utf-8"]]);
    assert(files.every(({ status }) => status === 200));
    assert.doesNotMatch(await rig.complaints(strict), /secret/, "a query is in no log");
  });

  test("connections: as many streams as may be, and no more", async () => {
    const strict = await rig.nginx({ NGINX_CONNECTIONS: "2" });
    const gone = new AbortController();
    const open = () => fetch(`${strict.url}/api/1/stream?flood`, { signal: gone.signal });
    const streams = [await open(), await open()];

    assert(streams.every(({ status }) => status === 200));
    refused(await ask(`${strict.url}/ws/events`));
    gone.abort();
    assert(await until(async () => (await ask(`${strict.url}/api/x`)).status === 200, 3_000));
  });
});

void describe("slow ones are cut", { concurrency: true }, () => {
  test("who doesn't finish the headers", async () => {
    const { ms } = await raw(nginx.port, "GET /api/x HTTP/1.1\r\nHost: x\r\nX-Slow: ", 20_000);

    assert(ms > 8_000 && ms < 13_000, `${ms} ms`);
  });

  test("who doesn't send the body", async () => {
    const { ms } = await raw(nginx.port, "POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{", 25_000);

    assert(ms > 13_000 && ms < 18_000, `${ms} ms`);
  });

  test("who never reads a stream", async () => {
    const before = await closedStreams(nginx);
    const socket = connect(nginx.port, "127.0.0.1", () => {
      socket.pause();
      socket.write("GET /api/1/stream?flood HTTP/1.1\r\nHost: x\r\n\r\n");
    });
    socket.on("error", () => {});
    const from = performance.now();

    assert(await until(async () => (await closedStreams(nginx)) > before, 45_000));
    assert(performance.now() - from > 20_000, "not at once: a phone in a tunnel comes back");
    socket.destroy();
  });

  test("an upstream that doesn't answer: 504, a problem that says when to try again", async () => {
    const from = performance.now();
    const answer = await ask(`${nginx.url}/api/hang`);

    assert.deepEqual([answer.status, jsonOf(answer)["code"]], [504, "timeout"]);
    assert.match(String(answer.headers["retry-after"]), /^[1-9]$/);
    assert(performance.now() - from < 65_000);
  });
});

test("it goes within its grace with a stream open, and lets a request end", async () => {
  const leaving = await rig.nginx();
  const stream = await fetch(`${leaving.url}/api/1/stream?flood`);
  const short = fetch(`${leaving.url}/api/1/stream`).then((response) => response.text());
  await until(async () => (await closedStreams(leaving)) >= 0, 1_000);
  const from = performance.now();
  await docker(["kill", "--signal", "QUIT", leaving.id]);
  const cut = stream.body?.pipeTo(new WritableStream()).catch(() => "cut");

  await docker(["wait", leaving.id]);
  assert(performance.now() - from < 7_000 * haste());
  assert.equal((await short).match(/data: /g)?.length, 10);
  await cut;
  assert.match(await docker(["inspect", "--format", "{{.State.ExitCode}}", leaving.id]), /^0/);
});

const inside = (...command: string[]) => docker(["exec", nginx.id, ...command]);

test("it runs as nobody in particular, with no way to write but its own folders", async () => {
  assert.match(await inside("cat", "/proc/1/status"), /^Uid:\s+101\s[^]*^CapEff:\s+0+$/m);
  await assert.rejects(inside("touch", "/srv/static/x"));
  await assert.rejects(inside("touch", "/etc/nginx/nginx.conf"));
});
