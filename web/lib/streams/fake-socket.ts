/** What the tests of the socket share: the server's end of it, and readers that keep what they hear. */
import { afterEach, beforeEach, vi } from "vitest";

import { type Reader, SharedSocket, type SocketOptions } from "./socket";
import type { StreamState, Verdict } from "./state";
import type { Timing } from "./timing";
import type { Wake, WakeReason } from "./wake";

export const quick: Timing = { heartbeat: 200, stall: 400, firstWait: 1, longestWait: 4 };

/** The server's end of every connection that the page has opened. */
export class FakeWebSocket extends EventTarget {
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

/** What each wait was asked to take. */
export const slept: number[] = [];
export const watchers = new Set<(reason: WakeReason) => void>();
export const wake: Wake = {
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
  slept.length = 0;
  watchers.clear();
  vi.stubGlobal("WebSocket", FakeWebSocket);
});

let closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing) close();
  closing = [];
  await settled();
});

export function open(options: Partial<SocketOptions> = {}) {
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
export const connection = (number: number): Promise<FakeWebSocket> =>
  vi.waitFor(() => {
    const found = FakeWebSocket.all[number - 1];
    if (!found) throw new Error(`no connection ${number} yet`);
    return found;
  });

export const asks = (topic: string, cursor: string | null = null) => ({ type: "subscribe", topic, cursor });
export const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
