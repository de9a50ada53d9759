import { createParser } from "eventsource-parser";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { type Heard, eventReader } from "./events";

function byThePackage(pieces: readonly string[]): { frames: Heard[]; retries: number[] } {
  const frames: Heard[] = [];
  const retries: number[] = [];
  const parser = createParser({
    onEvent: ({ event, data, id = null }) => frames.push({ name: event || "message", data, id }),
    onRetry: (ms) => retries.push(ms),
  });
  for (const piece of pieces) parser.feed(piece);
  return { frames, retries };
}

function byOurs(pieces: readonly string[]): { frames: Heard[]; retries: number[] } {
  const retries: number[] = [];
  const read = eventReader((ms) => retries.push(ms));
  return { frames: pieces.flatMap((piece) => read(piece)), retries };
}

const line = fc.oneof(
  fc.constantFrom("", "", ":", ": heartbeat", "data", "data:", "data: ", "id: 1-2", "id", "retry: 15", "retry: x"),
  fc.constantFrom("event: token", "event", "event:", "data:  two", "data: a: b", "datum: x", " data: x", "id: a\0b"),
  fc.string().map((text) => `data: ${text.replaceAll(/[\r\n]/g, "")}`),
);
const stream = fc
  .array(fc.tuple(line, fc.constantFrom("\n", "\n", "\r\n", "\r")), { maxLength: 30 })
  .map((lines) => `${lines.flat().join("")}data: end\n\n`);

test("what it reads is what eventsource-parser reads, cut anywhere", () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (text, cuts, marked) => {
      const whole = marked ? `\uFEFF${text}` : text;
      const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].toSorted((a, b) => a - b);
      const pieces = places.slice(1).map((place, index) => whole.slice(places[index], place));

      expect(byOurs(pieces)).toEqual(byThePackage([whole]));
    }),
    { numRuns: 2000 },
  );
});

test("a frame is there with the end of its line, and a long one in small pieces costs no more than in one", () => {
  const text = "word ".repeat(200_000);
  const read = eventReader();

  expect(read(": \n")).toEqual([]);
  expect(read("id: 1-2\ndata: ")).toEqual([]);
  for (let at = 0; at < text.length; at += 20) expect(read(text.slice(at, at + 20))).toHaveLength(0);
  expect(read("\n")).toEqual([]);
  expect(read("\n")).toEqual([{ name: "message", data: text, id: "1-2" }]);
});
