import { expect, test } from "@playwright/test";

import { type Place, RuledReader } from "../../web/lib/streams/rules.ts";
import { site } from "../lib/site.ts";
import { WireClient } from "../lib/wire.ts";

const PROMPT = "A rota for 🔭 observers, in 400 tokens";
const FINISHED = /^[1-9]\d*-9007199254740991$/;

/** Reads one connection to its end, or until `enough` says so. */
async function read(
  client: WireClient,
  id: string,
  reader: RuledReader,
  enough = (_frames: number) => false,
): Promise<number> {
  reader.connect();
  const { response, frames } = await client.stream(id, reader.cursor);
  expect(response.status).toBe(200);
  let count = 0;
  for await (const frame of frames) {
    reader.take(frame);
    if (enough(++count)) break;
  }
  return count;
}

for (const [name, base] of [
  ["the web server", site.url],
  ["the API alone", site.api],
] as const) {
  test.describe(`through ${name}`, { tag: name === "the API alone" ? "@api" : [] }, () => {
    test("a task's stream keeps every rule from the first frame to the ending", { tag: "@slice" }, async () => {
      const client = await WireClient.register(base);
      const { id } = await client.create(PROMPT);
      const reader = new RuledReader();

      await read(client, id, reader);

      expect(reader.ending).toBe("task_finished");
      expect(reader.cursor).toMatch(FINISHED);
      expect(reader.text).toBe((await client.task(id)).text);
    });

    test("a reader that is cut again and again has the same text", async () => {
      const client = await WireClient.register(base);
      const { id } = await client.create(PROMPT);
      const reader = new RuledReader();
      let connections = 0;

      while (reader.ending === null) {
        connections++;
        await read(client, id, reader, (frames) => frames === 1 + (connections % 7));
      }

      expect(connections).toBeGreaterThan(10);
      expect(reader.text).toBe((await client.task(id)).text);
    });

    test("the answer is what proxies leave alone", { tag: "@slice" }, async () => {
      const client = await WireClient.register(base);
      const { id } = await client.create(PROMPT);

      const { response, frames } = await client.stream(id, null);

      expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
      expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
      expect(response.headers.get("x-accel-buffering")).toBe("no");
      expect(response.headers.get("content-encoding")).toBeNull();
      await frames.return();
    });
  });
}

test("a stream can go on from every cursor that it gave", async () => {
  const client = await WireClient.register(site.api);
  const { id } = await client.create(PROMPT);
  const places: Place[] = [];
  const first = new RuledReader();
  first.connect();
  for await (const frame of (await client.stream(id, null)).frames) {
    first.take(frame);
    if (frame.id !== null && first.ending === null) places.push(first.place);
  }
  const { text } = await client.task(id);

  for (const place of places) {
    const reader = new RuledReader(place);
    await read(client, id, reader);
    expect(reader.ending, `from ${place.cursor}`).toBe("task_finished");
    expect(reader.text, `from ${place.cursor}`).toBe(text);
  }

  expect(places.length).toBeGreaterThan(50);
});

test("the cursor of an ending has nothing after it", async () => {
  const client = await WireClient.register(site.api);
  const { id } = await client.create(PROMPT);
  const reader = new RuledReader();
  await read(client, id, reader);

  const byHeader = await client.stream(id, reader.cursor);
  const byQuery = await client.stream(id, null, `?cursor=${reader.cursor}`);
  const headerWins = await client.stream(id, reader.cursor, "?cursor=1-1");

  expect([byHeader, byQuery, headerWins].map(({ response }) => response.status)).toEqual([204, 204, 204]);
});

test("a finished task is one snapshot and its ending", async () => {
  const client = await WireClient.register(site.api);
  const { id } = await client.create(PROMPT);
  await read(client, id, new RuledReader());

  const late = new RuledReader();

  expect(await read(client, id, late)).toBe(2);
  expect(late.text).toBe((await client.task(id)).text);
});

test("a cursor that makes no sense gets a snapshot", async () => {
  const client = await WireClient.register(site.api);
  const { id } = await client.create(PROMPT);
  const huge = "99999999999999999999";

  for (const cursor of [
    "garbage",
    "",
    "-",
    "1",
    "1-",
    "-1-1",
    "1-1-1",
    `${huge}-1`,
    `1-${huge}`,
    "💥",
    "0".repeat(4_000),
  ]) {
    const { response, frames } = await client.stream(id, null, `?cursor=${encodeURIComponent(cursor)}`);
    const first = await frames.next();
    await frames.return();

    expect(response.status, cursor).toBe(200);
    expect(first.value, cursor).toMatchObject({ event: "snapshot" });
  }
});

test("a task that is deleted while it is watched is missing", async () => {
  const client = await WireClient.register(site.api);
  const { id } = await client.create("A museum guide, in 3000 tokens");
  const reader = new RuledReader();
  let deleted: Promise<Response> | undefined;

  await read(client, id, reader, () => {
    if (reader.text.length > 100) deleted ??= client.fetch(`/api/v1/tasks/${id}`, { method: "DELETE" });
    return false;
  });

  expect((await deleted)?.status).toBe(204);
  expect(reader.ending).toBe("task_missing");
});
test("what isn't one's own has no stream", async () => {
  const [client, stranger] = await Promise.all([WireClient.register(site.api), WireClient.register(site.api)]);
  const { id } = await client.create(PROMPT);

  for (const { response } of [
    await stranger.stream(id, null),
    await client.stream("0190a0a0-0000-7000-8000-000000000000", null),
    await client.stream("not-an-id", null),
  ]) {
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  }
});

test("another site opens no stream", async () => {
  const client = await WireClient.register(site.api);
  const { id } = await client.create(PROMPT);

  const response = await client.fetch(`/api/v1/tasks/${id}/stream`, { headers: { "sec-fetch-site": "cross-site" } });

  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ code: "cross_site" });
});
