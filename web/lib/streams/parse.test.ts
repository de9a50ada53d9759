import { expect, test } from "vitest";

import { MalformedEvent, parseServerMessage, parseTaskEvent } from "./parse";

const plan = {
  title: "T",
  summary: "S",
  stack: [{ name: "n", reason: "r" }],
  milestones: [{ title: "m", steps: ["one", "two"] }],
  risks: [{ title: "r", mitigation: "m" }],
};

const events = [
  { type: "snapshot", task_id: "t", status: "running", attempt: 1, progress: 0.5, text: "x" },
  { type: "token", offset: 3, text: "x" },
  { type: "task_update", status: "queued", attempt: 0, progress: null },
  { type: "reset", reason: "log_lost" },
  { type: "task_finished", status: "completed", length: 9, result: plan, error: null },
  { type: "task_finished", status: "failed", length: 0, result: null, error: { code: "c", detail: "d" } },
  { type: "task_missing", task_id: "t" },
  { type: "heartbeat", at: "2026-01-01T00:00:00Z" },
];

test.for(events)("$type is read as it is", (event) => {
  expect(parseTaskEvent(event.type, JSON.stringify(event))).toEqual(event);
});

test("a field that is new to this page passes", () => {
  expect(parseTaskEvent("token", '{"type":"token","offset":0,"text":"","colour":"red"}')).toMatchObject({ offset: 0 });
});

test("an event of an unknown name is nothing", () => {
  expect(parseTaskEvent("confetti", "{}")).toBeNull();
  expect(parseTaskEvent("toString", "{}")).toBeNull();
});

test.for([
  ["token", "not JSON"],
  ["token", "null"],
  ["token", '{"type":"token","offset":-1,"text":"x"}'],
  ["token", '{"type":"token","offset":1.5,"text":"x"}'],
  ["token", '{"type":"token","offset":0}'],
  ["token", '{"type":"reset","offset":0,"text":"x"}'],
  ["reset", '{"type":"reset","reason":"mood"}'],
  ["task_update", '{"type":"task_update","status":"toString","attempt":1,"progress":null}'],
  ["task_finished", '{"type":"task_finished","status":"running","length":0,"result":null,"error":null}'],
  ["task_finished", JSON.stringify({ ...events[4], result: { ...plan, milestones: [{ title: "m", steps: [1] }] } })],
])("%s with data %s is refused", ([name = "", data = ""]) => {
  expect(() => parseTaskEvent(name, data)).toThrow(MalformedEvent);
});

const topicEvent = (event: object, cursor: string | null = "1-2") => ({ type: "event", topic: "feed", cursor, event });

test.for([
  { type: "welcome", connection_id: "c", heartbeat_seconds: 10 },
  { type: "subscribed", topic: "feed", cursor: null },
  { type: "error", code: "not_found", detail: "It isn't there." },
  topicEvent({ type: "token", offset: 0, text: "x" }),
  topicEvent({ type: "feed_created", task_id: "t", status: "queued", attempt: 0 }),
  topicEvent({ type: "feed_reset" }, null),
])("a message is read as it is: %j", (message) => {
  expect(parseServerMessage(JSON.stringify(message))).toEqual(message);
});

test("a message, or an event in one, of a newer server is nothing", () => {
  expect(parseServerMessage('{"type":"confetti"}')).toBeNull();
  expect(parseServerMessage('{"type":"constructor"}')).toBeNull();
  expect(parseServerMessage(JSON.stringify(topicEvent({ type: "confetti" })))).toBeNull();
});

test.for([
  "not JSON",
  "null",
  "{}",
  '{"type":7}',
  '{"type":"subscribed","topic":"feed"}',
  '{"type":"error","code":"mood","detail":""}',
  JSON.stringify(topicEvent({ type: "token", offset: -1, text: "x" })),
  JSON.stringify(topicEvent([])),
])("a message that isn't the contract's is refused: %s", (data) => {
  expect(() => parseServerMessage(data)).toThrow(MalformedEvent);
});
