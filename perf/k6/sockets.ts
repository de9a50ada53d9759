// A socket as a page has it: the feed and one task to its end, judged by the rules that all our clients share.
import { Trend } from "k6/metrics";
import { clearTimeout, setTimeout } from "k6/timers";
import { WebSocket } from "k6/websockets";

import { RuledFeed } from "../../web/lib/streams/feed-rules.ts";
import { RuledReader } from "../../web/lib/streams/rules.ts";
import { isOfFeed, RuledSocket } from "../../web/lib/streams/socket-rules.ts";
import { Gaps } from "../load/gaps.ts";
import { create, type Session, socketUrl } from "./site.ts";

/** Holes by cursor and by offset, and broken rules, of each socket. */
const gapsOf = new Trend("socket_gaps");
/** From the handshake's beginning to the task's first event. */
const opened = new Trend("socket_opened", true);

const PATIENCE = 120_000;

/** Follows a new task; the iteration ends with the socket. */
export function follow(session: Session): void {
  const id = create(session);
  if (id === null) return gapsOf.add(1);
  const topic = `task:${id}`;
  const rules = new RuledSocket();
  const reader = new RuledReader();
  const feed = new RuledFeed();
  const gaps = new Gaps();
  const begun = Date.now();
  let isOpened = false;
  let broken: string | null = null;

  const socket = new WebSocket(socketUrl, null, { headers: session.headers });
  const fail = (why: string) => {
    broken ??= why;
    socket.close();
  };
  const late = setTimeout(() => fail("The task has no ending."), PATIENCE);
  const say = (
    message: { type: "subscribe"; topic: string; cursor: string | null },
    judge: RuledReader | RuledFeed,
  ) => {
    rules.asks(message, judge);
    socket.send(JSON.stringify(message));
  };
  socket.onopen = () => {
    say({ type: "subscribe", topic: "feed", cursor: null }, feed);
    say({ type: "subscribe", topic, cursor: null }, reader);
  };
  socket.onmessage = (received) => {
    try {
      const data = received?.data;
      if (typeof data !== "string") return fail("A message is text.");
      const message = rules.take(data);
      if (message.type === "error") fail(`${message.code}: ${message.detail}`);
      if (message.type === "event" && message.topic === topic && !isOfFeed(message.event)) {
        if (!isOpened) opened.add(Date.now() - begun);
        isOpened = true;
        gaps.take(message.event, message.cursor);
      }
      if (message.type === "unsubscribed") socket.close();
    } catch (error) {
      fail(String(error));
    }
  };
  socket.onerror = (error) => fail(`The socket broke: ${error?.error ?? "it was refused"}.`);
  socket.onclose = () => {
    clearTimeout(late);
    if (reader.ending === null) broken ??= "The socket was closed before the task's ending.";
    if (broken !== null) console.error(broken);
    gapsOf.add(gaps.byCursor + gaps.byOffset + (broken === null ? 0 : 1));
  };
}
