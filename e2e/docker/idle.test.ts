/** Streams on which nothing happens for longer than any time-out on the way: they stay, and then go on. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { RuledReader } from "../../web/lib/streams/rules.ts";
import { sleep } from "../chaos/time.ts";
import { WireClient } from "../lib/wire.ts";
import { openSocket } from "./lib/socket.ts";
import { sql } from "./lib/sql.ts";
import { composed, measured } from "./lib/stack.ts";

const IDLE = 70_000;
const HEARTBEAT = 10_000 + 1_500;

test(
  "a stream whose task says nothing for 70 s stays, and ends with the whole text",
  { timeout: 180_000 },
  async () => {
    const client = await WireClient.register(composed.url);
    const { id } = await client.create("A slow observatory, in 4000 tokens");
    const reader = new RuledReader();
    reader.connect();
    const { response, frames } = await client.stream(id, null);
    assert.equal(response.status, 200);
    const begun = performance.now();
    let heartbeats = 0;
    let silent = 0;
    let last = begun;

    for await (const frame of frames) {
      const now = performance.now();
      silent = Math.max(silent, now - last);
      last = now;
      if (reader.take(frame).type === "heartbeat") heartbeats++;
      // Its worker loses it to nobody: as silent as a generator that thinks, for as long as the lease is good.
      if (reader.text.length > 0 && heartbeats === 0 && !taken.has(id)) await take(id);
      if (now - begun > IDLE && !cancelled.has(id)) void cancel(client, id);
    }

    assert.equal(reader.ending, "task_finished");
    assert(performance.now() - begun > IDLE, "it was one connection for more than 70 s");
    assert(heartbeats >= 6, `${heartbeats} heartbeats`);
    assert(silent < HEARTBEAT, `a silence of ${silent} ms`);
    assert.equal(reader.text, (await client.task(id)).text);
    measured("longest silence of an idle SSE stream", silent);
  },
);

const taken = new Set<string>();
const cancelled = new Set<string>();

async function take(id: string): Promise<void> {
  taken.add(id);
  await sql(`UPDATE tasks SET attempt = attempt + 1, lease_until = now() + interval '5 minutes' WHERE id = '${id}'`);
}

async function cancel(client: WireClient, id: string): Promise<void> {
  cancelled.add(id);
  await client.fetch(`/api/v1/tasks/${id}/cancel`, { method: "POST" });
}

test("a socket that follows a silent feed for 70 s stays, and then hears of a task", { timeout: 120_000 }, async () => {
  const client = await WireClient.register(composed.url);
  const socket = await openSocket(client);
  const begun = performance.now();
  socket.say({ type: "subscribe", topic: "feed", cursor: null });
  let heartbeats = 0;

  while (performance.now() - begun < IDLE) {
    const message = await socket.next(HEARTBEAT);
    if (message.type === "heartbeat") heartbeats++;
  }
  const { id } = await client.create("A quiet sundial");
  let told = await socket.next(HEARTBEAT);
  while (told.type !== "event") told = await socket.next(HEARTBEAT);

  assert(heartbeats >= 6, `${heartbeats} heartbeats`);
  assert.partialDeepStrictEqual(told.event, { type: "feed_created", task_id: id });
  socket.close();
});

test(
  "a connection that keeps a browser's pace between two requests is not cut by anybody",
  { timeout: 60_000 },
  async () => {
    const client = await WireClient.register(composed.url);

    // nginx keeps connections to the API for a while, and the API keeps them longer: the other way round is a 502.
    for (const pause of [0, 1_000, 4_900, 5_100, 10_000]) {
      await sleep(pause);
      assert.equal((await client.fetch("/api/v1/tasks")).status, 200, `after ${pause} ms`);
    }
  },
);
