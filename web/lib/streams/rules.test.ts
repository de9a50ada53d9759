import { expect, test } from "vitest";

import type { Frame } from "./frames.ts";
import { RuledReader } from "./rules.ts";
import { judgeSilence } from "./silence.ts";

// The judge of the streams is judged first: each of these breaks one rule.
const frame = (id: string | null, event: { type: string; [field: string]: unknown }): Frame => ({
  event: event.type,
  id,
  data: [JSON.stringify(event)],
});
const snapshot = (id: string, text: string) =>
  frame(id, {
    type: "snapshot",
    task_id: "t",
    status: "running",
    attempt: Number(id.split("-")[0]),
    progress: 0,
    text,
  });
const token = (id: string, offset: number, text: string) => frame(id, { type: "token", offset, text });
const update = (id: string, attempt: number) =>
  frame(id, { type: "task_update", status: "running", attempt, progress: 0 });
const reset = (reason = "new_attempt") => frame(null, { type: "reset", reason });
const ending = (length: number, attempt = 1) =>
  frame(`${attempt}-9007199254740991`, {
    type: "task_finished",
    status: "cancelled",
    length,
    result: null,
    error: null,
  });
const heartbeat = frame(null, { type: "heartbeat", at: "2026-01-01T00:00:00Z" });

function read(...frames: Frame[]): RuledReader {
  const reader = new RuledReader();
  reader.connect();
  for (const each of frames) reader.take(each);
  return reader;
}

test("a stream that keeps the rules passes", () => {
  const reader = read(
    snapshot("0-0", ""),
    heartbeat,
    reset(),
    update("1-1", 1),
    token("1-2", 0, "🔭"),
    token("1-3", 2, "a"),
    reset(),
    update("2-1", 2),
    token("2-2", 0, "b"),
    snapshot("2-2", "b"),
    reset("log_lost"),
    snapshot("1-1", ""),
    token("1-2", 0, "c"),
    snapshot("1-9007199254740990", "cd"),
    ending(2),
  );

  expect(reader).toMatchObject({ text: "cd", ending: "task_finished", cursor: "1-9007199254740991" });
});

const broken: Record<string, Frame[]> = {
  "a first frame that is no snapshot": [token("1-2", 0, "a")],
  "a hole": [snapshot("1-1", ""), token("1-2", 1, "a")],
  "a token twice": [snapshot("1-1", ""), token("1-2", 0, "a"), token("1-2", 1, "a")],
  "an offset in code points": [snapshot("1-2", "🔭"), token("1-3", 1, "a")],
  "a cursor that falls": [snapshot("1-5", "a"), token("1-4", 1, "a")],
  "a snapshot of the past": [snapshot("1-5", "a"), snapshot("1-4", "a")],
  "another attempt without a reset": [snapshot("1-5", "a"), update("2-1", 2)],
  "an attempt that isn't the cursor's": [snapshot("1-5", "a"), update("1-6", 2)],
  "text that survives a reset": [snapshot("1-5", "a"), reset(), update("2-1", 2), token("2-2", 1, "b")],
  "a length that isn't the text's": [snapshot("1-5", "a"), ending(2)],
  "an ending without its number": [snapshot("1-5", "a"), { ...ending(1), id: "1-6" }],
  "something after the ending": [snapshot("1-5", "a"), ending(1), heartbeat],
  "two endings": [snapshot("1-5", "a"), ending(1), ending(1)],
  "a token without an id": [snapshot("1-5", "a"), token("1-6", 1, "b"), { ...token("1-7", 2, "c"), id: null }],
  "a heartbeat with an id": [snapshot("1-5", "a"), { ...heartbeat, id: "1-6" }],
  "a name that isn't the type": [{ ...snapshot("1-5", "a"), event: "token" }],
  "data of two lines": [{ ...snapshot("1-5", "a"), data: ["{", "}"] }],
};

test.each(Object.entries(broken))("the rules forbid %s", (_, frames) => {
  expect(() => read(...frames)).toThrow("The contract is broken");
});

test("a reset forgets the cursor, so that a connection lost right after it begins with a snapshot", () => {
  expect(read(snapshot("1-5", "a"), reset()).place).toEqual({ text: "", cursor: null });
});

test("an ending is for ever: there is no connection after it", () => {
  const reader = read(snapshot("1-5", "a"), ending(1));

  expect(() => reader.connect()).toThrow("no connection after an ending");
});

test("a clean end without an ending says when to come back", () => {
  const reader = read(snapshot("1-5", "a"));

  expect(() => reader.closed(null)).toThrow("retry");
  expect(() => reader.closed(800)).not.toThrow();
});

test("a silence of 10 s is the longest, but for what the machine took", () => {
  expect(() => judgeSilence(10_900)).not.toThrow();
  expect(() => judgeSilence(11_100)).toThrow("a heartbeat comes");
  expect(() => judgeSilence(13_000, 4_000)).not.toThrow();
});
