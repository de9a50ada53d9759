/** Several of a kind: nginx finds them all, without a reload, and a stream goes on at another. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { RuledReader } from "../../web/lib/streams/rules.ts";
import { until } from "../chaos/time.ts";
import { WireClient } from "../lib/wire.ts";
import { docker } from "./lib/engine.ts";
import { Party } from "./lib/party.ts";
import { compose, composed, measured, replicas, well } from "./lib/stack.ts";

const up = (apis: number, workers: number): Promise<string> =>
  compose("up", "--detach", "--no-build", "--no-recreate", `--scale=api=${apis}`, `--scale=worker=${workers}`);

/** Where nginx looks for the API again. */
const FOUND_WITHIN = 30_000;

let party: Party | undefined;
after(async () => {
  party?.leave();
  await up(1, 1);
  await well(30_000);
});

test(
  "three APIs and four workers share what there is to do, and streams go on across them",
  { timeout: 150_000 },
  async () => {
    const begun = performance.now();
    await up(3, 4);
    await well(60_000);
    measured("three APIs and four workers, all healthy", performance.now() - begun);
    const apis = await replicas("api");
    assert.equal(apis.length, 3);
    assert.equal((await replicas("worker")).length, 4);

    const client = await WireClient.register(composed.url);
    const serving = async () => {
      const ids = await Promise.all(
        Array.from({ length: 12 }, async () => (await client.fetch("/api/v1/me")).headers.get("x-request-id")!),
      );
      const logs = await Promise.all(apis.map(({ Id }) => docker(["logs", "--tail=400", Id])));
      return logs.filter((log) => ids.some((id) => log.includes(id))).length;
    };
    const from = performance.now();
    assert(await until(async () => (await serving()) === 3, FOUND_WITHIN), "nginx asks all three");
    measured("nginx asks all three", performance.now() - from);

    // Cut after every few events: each connection may be at another replica.
    const { id } = await client.create("A rota for 🔭 observers, in 400 tokens");
    const reader = new RuledReader();
    let connections = 0;
    while (reader.ending === null) {
      reader.connect();
      let frames = 0;
      for await (const frame of (await client.stream(id, reader.cursor)).frames) {
        reader.take(frame);
        if (++frames === 4) break;
      }
      connections++;
    }
    assert.equal(reader.text, (await client.task(id)).text);
    assert(connections > 6, `${connections} connections`);

    party = await Party.join();
    const watched = await party.begin(4, 900);
    await watched.isUnderWay();
    // The replicas that go hand over their streams and tasks.
    await up(1, 1);
    await watched.ends(60_000);
    await party.judged();
  },
);
