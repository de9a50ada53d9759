import * as fc from "fast-check";
import { expect, test } from "vitest";

import { eventReader } from "./events";
import { type Frame, FrameParser } from "./frames.ts";
import { Server, choices, history } from "./lawful";

/** As the server writes: JSON is one line. */
const wire = fc.tuple(history, choices, fc.option(fc.nat())).map(([told, choice, retry]) => {
  const server = new Server(told);
  server.end();
  const frames = [...server.tell(null, { ...choice, before: 1 })];
  const text = frames.map(
    ({ event, id }) =>
      `event: ${event.type}\n${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify({ ...event, "🔭": "é𝔘" })}\n\n`,
  );
  return new TextEncoder().encode(text.join("") + (retry === null ? "" : `retry: ${retry}\n\n`));
});

/** The bytes, cut at each of these places. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array<ArrayBuffer>[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return places.slice(1).map((place, index) => new Uint8Array(bytes.slice(places[index], place)));
}

function strictly(chunks: Uint8Array[]): { frames: Frame[]; retry: number | null } {
  const parser = new FrameParser();
  return { frames: chunks.flatMap((chunk) => parser.feed(chunk)), retry: parser.retry };
}

/** As `sse.ts` reads in the browser. */
async function asThePage(chunks: Uint8Array<ArrayBuffer>[]): Promise<{ frames: Frame[]; retry: number | null }> {
  const frames: Frame[] = [];
  let retry: number | null = null;
  const hear = eventReader((ms) => (retry = ms));
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (stream) => {
      for (const chunk of chunks) stream.enqueue(chunk);
      stream.close();
    },
  });
  for await (const text of body.pipeThrough(new TextDecoderStream()))
    frames.push(...hear(text).map(({ name, data, id }) => ({ event: name, data: [data], id })));
  return { frames, retry };
}

test("bytes split anywhere, inside a character too, parse the same, in the page and in the judge", async () => {
  await fc.assert(
    fc.asyncProperty(wire, fc.array(fc.nat(), { maxLength: 40 }), async (bytes, cuts) => {
      const chunks = pieces(bytes, cuts);

      const parsed = strictly(chunks);

      expect(parsed).toEqual(strictly([bytes]));
      expect(await asThePage(chunks)).toEqual(parsed);
      expect(parsed.frames.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test("byte by byte is the same, too", () => {
  fc.assert(
    fc.property(wire, (bytes) => {
      expect(strictly(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(strictly([bytes]));
    }),
    { numRuns: 30 },
  );
});

test.each(["event token\n\n", "retries: 5\n\n", " data: {}\n\n"])("a line that is no field is refused: %j", (line) => {
  expect(() => strictly([new TextEncoder().encode(line)])).toThrow("The contract is broken");
});
