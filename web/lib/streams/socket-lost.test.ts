/** What becomes of a socket that is lost, refused or silent. */
import { expect, test, vi } from "vitest";

import { FakeWebSocket, asks, connection, open, quick, settled, slept, wake, watchers } from "./fake-socket";

test("after a restart every topic goes on from its cursor at that moment", async () => {
  const { subscribe } = open();
  const feed = subscribe("feed");
  const first = await connection(1);
  first.welcome();
  first.subscribed("feed", "7");
  first.created("8");

  first.leave(1012);
  const second = await connection(2);
  second.welcome();

  expect(second.heard).toEqual([asks("feed", "8")]);
  expect(feed.states.at(-1)).toEqual({ name: "reconnecting", failures: 0 });
  second.subscribed("feed", "8");
  expect(feed.names()).toEqual(["connecting", "live", "reconnecting", "live"]);
});

test("a restart of the server brings its clients back one by one", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const { subscribe } = open();
  subscribe("feed");

  (await connection(1)).leave(1012);
  await connection(2);

  expect(slept[0]).toBeGreaterThan(500);
});

test("failures count up until there is progress, and a greeting is none", async () => {
  const { subscribe } = open();
  const feed = subscribe("feed");
  (await connection(1)).leave(1006);
  const greeted = await connection(2);
  greeted.welcome();
  greeted.subscribed("feed", "1");
  greeted.leave(1006);
  const lived = await connection(3);
  lived.welcome();
  lived.say({ type: "heartbeat", at: "2026-01-01T00:00:00Z" });

  lived.leave(1006);

  const counted = () => feed.states.flatMap((state) => (state.name === "reconnecting" ? state.failures : []));
  await vi.waitFor(() => expect(counted()).toEqual([1, 2, 0]));
});

test("4401 is the end for whom the API knows no more: everyone is signed out, and nothing is asked again", async () => {
  const { subscribe } = open({ isSignedOut: () => Promise.resolve(true) });
  const feed = subscribe("feed");
  const task = subscribe("task:1");
  const server = await connection(1);
  server.welcome();

  server.leave(4401);
  await settled();

  for (const { states } of [feed, task]) expect(states.at(-1)).toEqual({ name: "refused", status: 401 });
  expect(FakeWebSocket.all).toHaveLength(1);
});

test("after 4401 the socket goes on with its cursors when the session could be renewed", async () => {
  const { subscribe } = open({ isSignedOut: () => Promise.resolve(false) });
  const feed = subscribe("feed");
  const server = await connection(1);
  server.welcome();
  server.subscribed("feed", "1");
  server.created("7");

  server.leave(4401);
  const next = await connection(2);
  next.welcome();

  await vi.waitFor(() => expect(next.heard).toEqual([asks("feed", "7")]));
  expect(feed.names()).not.toContain("refused");
});

test("a handshake that fails for a visitor without a session is not tried again", async () => {
  const { subscribe } = open({ isSignedOut: () => Promise.resolve(true) });
  const feed = subscribe("feed");

  (await connection(1)).leave(1006);
  await settled();

  expect(feed.states.at(-1)).toEqual({ name: "refused", status: 401 });
  expect(FakeWebSocket.all).toHaveLength(1);
});

test("whoever can't be asked whether the visitor is signed out is not waited for", async () => {
  const { subscribe } = open({ isSignedOut: () => new Promise(() => {}), timing: { ...quick, stall: 40 } });
  const feed = subscribe("feed");

  (await connection(1)).leave(1006);
  await connection(2);

  expect(feed.states.at(-1)).toEqual({ name: "reconnecting", failures: 1 });
});

test("a page that goes while it is asked whether the visitor is signed out opens nothing any more", async () => {
  const { subscribe } = open({ isSignedOut: () => new Promise(() => {}), timing: { ...quick, stall: 40 } });
  const feed = subscribe("feed");
  (await connection(1)).leave(1006);

  feed.close();
  await new Promise((resolve) => setTimeout(resolve, 100));

  expect([FakeWebSocket.all.length, feed.names()]).toEqual([1, ["connecting"]]);
});

test("4429 is waited out for long, and whoever has another way hears it at once", async () => {
  const { subscribe } = open();
  const feed = subscribe("feed");

  (await connection(1)).leave(4429);
  await connection(2);

  expect(slept[0]).toBeGreaterThanOrEqual(30_000);
  expect(feed.states.at(-1)).toEqual({ name: "reconnecting", failures: 4, isLong: true });
});

test("silence for two of the server's heartbeats is a lost connection", async () => {
  const { subscribe } = open({ timing: { ...quick, stall: 40 } });
  const feed = subscribe("feed");
  const server = await connection(1);

  server.welcome(0.02);
  const second = await connection(2);

  expect(server.isClosed).toBe(true);
  second.welcome();
  expect(feed.names()).toContain("reconnecting");
});

test("a server that promises fewer heartbeats is waited for", async () => {
  const { subscribe } = open({ timing: { ...quick, stall: 200 } });
  subscribe("feed");
  const server = await connection(1);

  server.welcome(60);
  await new Promise((resolve) => setTimeout(resolve, 500));

  expect(server.isClosed).toBe(false);
});

test("going offline cuts the connection at once, and nobody listens to it any more", async () => {
  const { subscribe } = open();
  subscribe("feed");
  const server = await connection(1);

  for (const say of watchers) say("offline");
  server.welcome();

  expect([server.isClosed, server.heard]).toEqual([true, []]);
  await connection(2);
});

test("a message that breaks the contract begins everything again", async () => {
  const { subscribe } = open();
  subscribe("feed");
  const server = await connection(1);
  server.welcome();

  server.say({ type: "subscribed", topic: 7 });

  expect(server.isClosed).toBe(true);
  await connection(2);
});

test("what came before a message that breaks the contract is no progress: it may come again and again", async () => {
  const { subscribe } = open();
  const feed = subscribe("feed");
  const server = await connection(1);
  server.welcome();
  server.subscribed("feed", "7");
  server.created("8");

  server.say({ type: "subscribed", topic: 7 });
  await connection(2);

  expect(feed.states.at(-1)).toEqual({ name: "reconnecting", failures: 1 });
});

test("a reader that comes while the connection is down hears so", async () => {
  const waits: (() => void)[] = [];
  const { subscribe } = open({ wake: { ...wake, sleep: () => new Promise((resolve) => waits.push(resolve)) } });
  subscribe("feed");
  (await connection(1)).leave(1006);
  await settled();

  const task = subscribe("task:1");
  await settled();

  expect(task.states).toEqual([{ name: "reconnecting", failures: 1 }]);
  waits[0]?.();
  (await connection(2)).welcome();
  expect((await connection(2)).heard).toEqual([asks("feed"), asks("task:1")]);
});
