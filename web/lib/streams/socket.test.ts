import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { type Reader, SharedSocket, type SocketOptions } from "./socket";
import type { StreamState, Verdict } from "./state";
import type { Timing } from "./timing";
import type { Wake, WakeReason } from "./wake";

const quick: Timing = { heartbeat: 200, stall: 400, firstWait: 1, longestWait: 4 };

/** The server's end of every connection that the page has opened. */
class FakeWebSocket extends EventTarget {
  static all: FakeWebSocket[] = [];
  readonly heard: unknown[] = [];
  isClosed = false;

  constructor(readonly url: string) {
    super();
    FakeWebSocket.all.push(this);
  }

  send(data: string) {
    this.heard.push(JSON.parse(data));
  }

  close() {
    this.isClosed = true;
  }

  open() {
    this.dispatchEvent(new Event("open"));
  }

  welcome(seconds = 10) {
    this.open();
    this.say({ type: "welcome", connection_id: "c", heartbeat_seconds: seconds });
  }

  say(message: object) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  subscribed(topic: string, cursor: string | null = null) {
    this.say({ type: "subscribed", topic, cursor });
  }

  created(cursor: string, topic = "feed") {
    const event = { type: "feed_created", task_id: "t", status: "queued", attempt: 0 };
    this.say({ type: "event", topic, cursor, event });
  }

  leave(code: number) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

let slept: number[] = [];
let watchers = new Set<(reason: WakeReason) => void>();
const wake: Wake = {
  watch: (callback) => {
    watchers.add(callback);
    return () => watchers.delete(callback);
  },
  sleep: (ms) => {
    slept.push(ms);
    return new Promise((resolve) => setImmediate(resolve));
  },
};

beforeEach(() => {
  FakeWebSocket.all = [];
  slept = [];
  watchers = new Set();
  vi.stubGlobal("WebSocket", FakeWebSocket);
});

let closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing) close();
  closing = [];
  await settled();
});

function open(options: Partial<SocketOptions> = {}) {
  const socket = new SharedSocket({
    url: () => "ws://page/ws/events",
    isSignedOut: () => Promise.resolve(false),
    timing: quick,
    wake,
    linger: 1,
    ...options,
  });
  const subscribe = (topic: string, verdict: () => Verdict = () => "more") => {
    const states: StreamState[] = [];
    const received: (string | null)[] = [];
    const reader: Reader = {
      topic,
      cursor: () => received.at(-1) ?? null,
      receive: (_, cursor) => {
        received.push(cursor);
        return verdict();
      },
      changed: (state) => states.push(state),
    };
    const close = socket.subscribe(reader);
    closing.push(close);
    return { close, states, received, names: () => states.map(({ name }) => name) };
  };
  return { socket, subscribe };
}

/** The connection of that number, when it is there. */
const connection = (number: number): Promise<FakeWebSocket> =>
  vi.waitFor(() => {
    const found = FakeWebSocket.all[number - 1];
    if (!found) throw new Error(`no connection ${number} yet`);
    return found;
  });

const asks = (topic: string, cursor: string | null = null) => ({ type: "subscribe", topic, cursor });
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

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

test("4401 is the end: everyone is signed out, and nothing is asked again", async () => {
  const { subscribe } = open();
  const feed = subscribe("feed");
  const task = subscribe("task:1");
  const server = await connection(1);
  server.welcome();

  server.leave(4401);
  await settled();

  for (const { states } of [feed, task]) expect(states.at(-1)).toEqual({ name: "refused", status: 401 });
  expect(FakeWebSocket.all).toHaveLength(1);
});

test("a handshake that fails for a visitor without a session is not tried again", async () => {
  const { subscribe } = open({ isSignedOut: () => Promise.resolve(true) });
  const feed = subscribe("feed");

  (await connection(1)).leave(1006);
  await settled();

  expect(feed.states.at(-1)).toEqual({ name: "refused", status: 401 });
  expect(FakeWebSocket.all).toHaveLength(1);
});

test("4429 is waited out for long, and whoever has another way hears it at once", async () => {
  const { subscribe } = open();
  const feed = subscribe("feed");

  (await connection(1)).leave(4429);
  await connection(2);

  expect(slept[0]).toBeGreaterThanOrEqual(30_000);
  expect(feed.states.at(-1)).toEqual({ name: "reconnecting", failures: 4 });
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
