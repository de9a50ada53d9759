/** `/ws/events` through nginx, judged by the contract's rules, a message at a time. */
import assert from "node:assert/strict";

import { type RawData, WebSocket } from "ws";

import type { components } from "../../../web/lib/api/schema.d.ts";
import { RuledFeed } from "../../../web/lib/streams/feed-rules.ts";
import { RuledReader } from "../../../web/lib/streams/rules.ts";
import { RuledSocket } from "../../../web/lib/streams/socket-rules.ts";
import type { WireClient } from "../../lib/wire.ts";
import { composed } from "./stack.ts";

type ServerMessage = components["schemas"]["ServerMessage"];

export interface OpenSocket {
  say: (message: { type: "subscribe"; topic: string; cursor: string | null }) => void;
  /** The next message; throws when there is none within so many milliseconds, and when the socket closes. */
  next: (within: number) => Promise<ServerMessage>;
  /** What the task of the topic has come to. */
  judge: (topic: string) => RuledReader | RuledFeed | undefined;
  close: () => void;
}

export async function openSocket(client: WireClient, headers: Record<string, string> = {}): Promise<OpenSocket> {
  const socket = new WebSocket(`${composed.url.replace("http", "ws")}/ws/events`, {
    headers: { ...client.headers, ...headers },
    handshakeTimeout: 10_000,
  });
  const rules = new RuledSocket();
  const judges = new Map<string, RuledReader | RuledFeed>();
  const heard: (ServerMessage | Error)[] = [];
  let wake: (() => void) | undefined;
  const hear = (what: ServerMessage | Error) => {
    heard.push(what);
    wake?.();
  };
  socket.on("message", (data: RawData) => {
    try {
      hear(rules.take(new TextDecoder().decode(Array.isArray(data) ? Buffer.concat(data) : data)));
    } catch (error) {
      hear(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.on("close", (code) => hear(new Error(`the socket was closed with ${code}`)));
  await new Promise<void>((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return {
    say: (message) => {
      const judge = message.topic === "feed" ? new RuledFeed() : new RuledReader({ text: "", cursor: message.cursor });
      judges.set(message.topic, judge);
      rules.asks(message, judge);
      socket.send(JSON.stringify(message));
    },
    next: async (within) => {
      if (heard.length === 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, within);
        await promise;
        clearTimeout(timer);
      }
      const first = heard.shift();
      assert(first, `a message within ${within} ms`);
      if (first instanceof Error) throw first;
      return first;
    },
    judge: (topic) => judges.get(topic),
    close: () => socket.terminate(),
  };
}
