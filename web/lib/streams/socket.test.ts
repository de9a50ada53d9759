/** What a socket that holds does for its topics. */
import { expect, test, vi } from "vitest";

import { FakeWebSocket, asks, connection, open, settled } from "./fake-socket";
import type { Verdict } from "./state";

test("topics share one connection, and each gets its own events", async () => {
  const { subscribe } = open();
  const feed = subscribe("feed");
  const task = subscribe("task:1");
  const server = await connection(1);

  server.welcome();
  server.subscribed("feed", "7");
  server.subscribed("task:1");
  server.created("8");

  expect(server.heard).toEqual([asks("feed"), asks("task:1")]);
  expect([feed.received, task.received]).toEqual([["8"], []]);
  expect(feed.names()).toEqual(["connecting", "live"]);
  expect(FakeWebSocket.all).toHaveLength(1);
});

test("strict mode's second mount opens no second connection", async () => {
  const { subscribe } = open();
  const first = subscribe("feed");
  expect(first.states).toEqual([]);
  first.close();
  subscribe("feed");
  await settled();

  (await connection(1)).welcome();

  expect(FakeWebSocket.all).toHaveLength(1);
  expect((await connection(1)).heard).toEqual([asks("feed")]);
});

test("nothing is said before the server has greeted", async () => {
  const { subscribe } = open();
  subscribe("feed");
  const server = await connection(1);

  server.open();

  expect(server.heard).toEqual([]);
});

test("a task that isn't there is refused to its reader alone", async () => {
  const { subscribe } = open();
  const task = subscribe("task:1");
  const feed = subscribe("feed");
  const server = await connection(1);
  server.welcome();

  server.say({ type: "error", code: "not_found", detail: "No such task." });
  server.subscribed("feed", "7");

  expect(task.states.at(-1)).toEqual({ name: "refused", status: 404 });
  expect(feed.states.at(-1)).toEqual({ name: "live" });
});

test("a topic that can't be had right now is asked for again on the same connection", async () => {
  const { subscribe } = open();
  const task = subscribe("task:1");
  const server = await connection(1);
  server.welcome();

  server.say({ type: "error", code: "unavailable", detail: "Later." });

  await vi.waitFor(() => expect(server.heard).toEqual([asks("task:1"), asks("task:1")]));
  expect(task.states.at(-1)).toEqual({ name: "reconnecting", failures: 1 });
  server.subscribed("task:1");
  expect(task.states.at(-1)).toEqual({ name: "live" });
});

test("what a reader can't use begins its topic again, and until then it gets nothing", async () => {
  const { subscribe } = open();
  const verdicts: Verdict[] = ["again", "more"];
  const task = subscribe("task:1", () => verdicts.shift() ?? "more");
  const server = await connection(1);
  server.welcome();
  server.subscribed("task:1");

  server.created("1-9", "task:1");
  server.created("1-10", "task:1");

  expect(task.received).toEqual(["1-9"]);
  await vi.waitFor(() => expect(server.heard).toHaveLength(2));
});

test("a topic's end is its reader's end", async () => {
  const { subscribe } = open();
  const ended = subscribe("task:1");
  const done = subscribe("task:2", () => "end");
  const server = await connection(1);
  server.welcome();
  server.subscribed("task:1", "1-9007199254740991");
  server.subscribed("task:2");

  server.say({ type: "unsubscribed", topic: "task:1" });
  server.created("1-9", "task:2");
  server.say({ type: "unsubscribed", topic: "task:2" });

  expect([ended.states.at(-1), done.states.at(-1)]).toEqual([{ name: "ended" }, { name: "ended" }]);
  expect(done.received).toEqual(["1-9"]);
  server.leave(1012);
  (await connection(2)).welcome();
  expect((await connection(2)).heard).toEqual([]);
});

test("events that were on their way to an earlier reader don't reach the next one", async () => {
  const { subscribe } = open();
  const early = subscribe("task:1");
  const server = await connection(1);
  server.welcome();
  early.close();
  const late = subscribe("task:1");

  server.subscribed("task:1");
  server.created("1-1", "task:1");
  server.say({ type: "unsubscribed", topic: "task:1" });
  server.subscribed("task:1");
  server.created("1-2", "task:1");

  expect([early.received, late.received]).toEqual([[], ["1-2"]]);
  expect(late.names()).toEqual(["live"]);
});

test("a message of a newer server is nothing", async () => {
  const { subscribe } = open();
  const feed = subscribe("feed");
  const server = await connection(1);
  server.welcome();
  server.say({ type: "confetti" });

  server.subscribed("feed", "1");

  expect(feed.states.at(-1)).toEqual({ name: "live" });
});

test("closed, a reader hears nothing and the server is told; the last one closes the connection", async () => {
  const { subscribe } = open();
  const feed = subscribe("feed");
  const server = await connection(1);
  server.welcome();
  server.subscribed("feed", "1");

  feed.close();
  server.created("2");

  expect(feed.received).toEqual([]);
  expect(server.heard.at(-1)).toEqual({ type: "unsubscribe", topic: "feed" });
  await vi.waitFor(() => expect(server.isClosed).toBe(true));
  await settled();
  expect(FakeWebSocket.all).toHaveLength(1);
});
