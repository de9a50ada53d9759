import { expect, test } from "vitest";

import { RuledFeed } from "./feed-rules.ts";
import { RuledReader } from "./rules.ts";
import { RuledSocket } from "./socket-rules.ts";

const TOPIC = "task:t";
const ENDING = "1-9007199254740991";

const welcome = { type: "welcome", connection_id: "c", heartbeat_seconds: 8 };
const subscribed = (cursor: string | null = null, topic = TOPIC) => ({ type: "subscribed", topic, cursor });
const unsubscribed = { type: "unsubscribed", topic: TOPIC };
const event = (cursor: string | null, said: object, topic = TOPIC) => ({ type: "event", topic, cursor, event: said });
const snapshot = event("1-5", {
  type: "snapshot",
  task_id: "t",
  status: "running",
  attempt: 1,
  progress: 0,
  text: "a",
});
const token = event("1-6", { type: "token", offset: 1, text: "b" });
const ending = event(ENDING, { type: "task_finished", status: "cancelled", length: 1, result: null, error: null });
const heartbeat = { type: "heartbeat", at: "2026-01-01T00:00:00Z" };
const error = { type: "error", code: "not_found", detail: "" };
const created = event("8", { type: "feed_created", task_id: "t", status: "queued", attempt: 0 }, "feed");

/** A socket on which `wishes` were sent at once, and then `messages` came. */
function hear(wishes: ("subscribe" | "unsubscribe" | "feed")[], messages: object[], cursor: string | null = null) {
  const socket = new RuledSocket();
  const judge = new RuledReader({ text: cursor === null ? "" : "a", cursor });
  for (const wish of wishes) {
    if (wish === "unsubscribe") socket.asks({ type: "unsubscribe", topic: TOPIC });
    else if (wish === "feed") socket.asks({ type: "subscribe", topic: "feed", cursor: null }, new RuledFeed());
    else socket.asks({ type: "subscribe", topic: TOPIC, cursor }, judge);
  }
  for (const message of messages) socket.take(JSON.stringify(message));
  return { socket, judge };
}

test("a topic from its snapshot to its ending passes", () => {
  const { judge } = hear(["subscribe"], [welcome, heartbeat, subscribed(), snapshot, ending, unsubscribed, heartbeat]);

  expect(judge).toMatchObject({ text: "a", ending: "task_finished" });
});

test("a topic goes on after its cursor", () => {
  const { judge } = hear(["subscribe"], [welcome, subscribed("1-5"), token], "1-5");

  expect(judge.place).toEqual({ text: "ab", cursor: "1-6" });
});

test("the cursor of an ending is subscribed and unsubscribed", () => {
  expect(() => hear(["subscribe"], [welcome, subscribed(ENDING), unsubscribed], ENDING)).not.toThrow();
});

test("an ending that overtakes our wish to go is answered, and so is the wish", () => {
  const messages = [welcome, subscribed(), snapshot, ending, unsubscribed, unsubscribed];

  expect(() => hear(["subscribe", "unsubscribe"], messages)).not.toThrow();
});

test("the feed goes beside a task", () => {
  expect(() => hear(["feed", "subscribe"], [welcome, subscribed("7", "feed"), created, error])).not.toThrow();
});

const broken: Record<string, Parameters<typeof hear>> = {
  "a message before the welcome": [[], [heartbeat]],
  "a second welcome": [[], [welcome, welcome]],
  "a heartbeat slower than 10 s": [[], [{ ...welcome, heartbeat_seconds: 11 }]],
  "subscribed that nobody asked for": [[], [welcome, subscribed()]],
  "answers out of order": [
    ["feed", "subscribe"],
    [welcome, subscribed(), subscribed("7", "feed")],
  ],
  "an event before subscribed": [["subscribe"], [welcome, snapshot]],
  "a token first where there is no cursor": [["subscribe"], [welcome, subscribed(), token]],
  "a cursor that isn't ours": [["subscribe"], [welcome, subscribed("1-4")], "1-5"],
  "an event after unsubscribed": [
    ["subscribe", "unsubscribe"],
    [welcome, subscribed(), snapshot, unsubscribed, token],
  ],
  "an event after the ending": [["subscribe"], [welcome, subscribed(), snapshot, ending, token]],
  "unsubscribed for no reason": [["subscribe"], [welcome, subscribed(), snapshot, unsubscribed]],
  "a topic's own heartbeat": [["subscribe"], [welcome, subscribed(), snapshot, event(null, heartbeat)]],
  "an event of the feed on a task": [["subscribe"], [welcome, subscribed(), { ...created, topic: TOPIC }]],
  "an event of a task on the feed": [["feed"], [welcome, subscribed("7", "feed"), { ...snapshot, topic: "feed" }]],
  "a token without a cursor": [["subscribe"], [welcome, subscribed(), snapshot, { ...token, cursor: null }]],
  "an error that answers nothing": [[], [welcome, error]],
};

test.each(Object.entries(broken))("the rules forbid %s", (_, [wishes, messages, cursor]) => {
  expect(() => hear(wishes, messages, cursor)).toThrow("The contract is broken");
});

test("a close code is one of the contract's", () => {
  const { socket } = hear([], [welcome]);

  expect(() => socket.closed(1012)).not.toThrow();
  expect(() => socket.closed(1011)).toThrow("close codes");
});
