/** What a client gets through nginx: one REST call, one whole stream and one socket, as they were sent. */
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { RuledReader } from "../../web/lib/streams/rules.ts";
import { WireClient } from "../lib/wire.ts";
import { openSocket } from "./lib/socket.ts";
import { addressOf, composed, measured, well } from "./lib/stack.ts";
import { addedGap, spread, timed } from "./lib/timed.ts";

const PROMPT = "A rota for 🔭 observers, in 400 tokens";
/** The slack of the wire's rule: no gap is more than this over the server's own. */
const SLACK = 100;

let client: WireClient;
before(async () => {
  await well(30_000);
  client = await WireClient.register(composed.url);
});

test("a REST call through nginx is the API's answer", { timeout: 30_000 }, async () => {
  const { id } = await client.create(PROMPT);

  const response = await client.fetch(`/api/v1/tasks/${id}`, { headers: { "accept-encoding": "gzip, br" } });

  assert.equal(response.status, 200);
  assert.equal((await response.json()).id, id);
  assert.match(response.headers.get("x-request-id") ?? "", /\S{8}/);
  assert.equal(response.headers.get("x-powered-by"), null);
});

test("what nginx takes of headers, Next takes too", { timeout: 30_000 }, async () => {
  const headers = { "x-first": "x".repeat(7_000), "x-second": "x".repeat(7_000), "x-third": "x".repeat(7_000) };

  assert.equal((await fetch(`${composed.url}/sign-in`, { headers })).status, 200);
});

for (const version of ["HTTP/1.1", "HTTP/2"] as const)
  test(`a stream through nginx over ${version} is spread in time as it was sent`, { timeout: 60_000 }, async () => {
    const { id } = await client.create(PROMPT);
    const path = `/api/v1/tasks/${id}/stream`;
    const api = `http://${await addressOf("api")}:8000`;

    const beside = () => timed(new URL(path, api), { ...client.headers, host: new URL(composed.url).host }, "HTTP/1.1");
    const [proxied, direct, another] = await Promise.all([
      timed(new URL(path, composed.url), client.headers, version),
      beside(),
      beside(),
    ]);

    assert.equal(proxied.status, 200);
    assert.equal(proxied.headers["cache-control"], "no-cache, no-transform");
    assert.equal(proxied.reader.ending, "task_finished");
    assert.equal(proxied.reader.text, (await client.task(id)).text);
    assert.equal(proxied.reader.text, direct.reader.text);
    const gap = addedGap(direct, proxied);
    // By how much two who read the same thing differ: that is the machine, not nginx.
    const noise = addedGap(direct, another);
    measured(`longest gap that nginx adds over ${version}`, gap);
    measured(`longest gap between two readers without nginx`, noise);
    assert(gap <= SLACK + noise, `nginx adds ${gap} ms to a gap`);
    assert(spread(proxied) > 1_000, `the stream took ${spread(proxied)} ms`);
  });

test("a socket through nginx has the whole text, spread in time", { timeout: 60_000 }, async () => {
  const { id } = await client.create(PROMPT);
  const topic = `task:${id}`;
  const socket = await openSocket(client, { "accept-encoding": "gzip, br" });
  socket.say({ type: "subscribe", topic, cursor: null });
  const times: number[] = [];

  for (;;) {
    const message = await socket.next(11_500);
    if (message.type === "event") times.push(performance.now());
    if (message.type === "unsubscribed") break;
  }

  const judge = socket.judge(topic);
  assert(judge instanceof RuledReader);
  assert.equal(judge.ending, "task_finished");
  assert.equal(judge.text, (await client.task(id)).text);
  assert(times.at(-1)! - times[0]! > 1_000, "the text didn't come at once");
  socket.close();
});
