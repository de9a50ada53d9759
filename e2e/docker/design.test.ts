/** A design gets through nginx as it is written. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { WireClient } from "../lib/wire.ts";
import { composed, well } from "./lib/stack.ts";

test("a design streams through nginx as it is written", { timeout: 60_000 }, async () => {
  await well(30_000);
  const client = await WireClient.register(composed.url);
  const body = JSON.stringify({ prompt: "A seed library, in 200 tokens" });
  const headers = { accept: "text/event-stream", "accept-encoding": "gzip, br" };

  const response = await client.fetch("/api/design/stream", { method: "POST", body, headers });
  const times: number[] = [];
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    times.push(performance.now());
  }

  assert.equal(response.status, 200);
  assert.equal(text.match(/^event: done$/gm)?.length, 1);
  assert(times.length > 20, `${times.length} pieces`);
  assert(times.at(-1)! - times[0]! > 500, "the text didn't come at once");
});
