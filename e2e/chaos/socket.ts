/** A page's socket: several tasks and perhaps the feed on one connection, opened again for ever. */
import { type RawData, WebSocket } from "ws";

import type { RuledFeed } from "../../web/lib/streams/feed-rules.ts";
import { RuledReader } from "../../web/lib/streams/rules.ts";
import { judgeSilence } from "../../web/lib/streams/silence.ts";
import { isOfFeed, RuledSocket } from "../../web/lib/streams/socket-rules.ts";
import type { Member } from "./member.ts";
import type { Place } from "./place.ts";
import { sleep } from "./time.ts";
import type { Watcher } from "./watcher.ts";

const GIVE_UP = 25_000;
const MACHINE = 2_500;
/** Closes that a client which keeps the rules gets: for a deploy, and where it was slow. */
const LAWFUL = new Set([1006, 1012, 4408]);

export class Socket {
  readonly #place: Place;
  readonly #member: Member;
  readonly #name: string;
  readonly #watchers = new Map<string, Watcher>();
  readonly #feed: RuledFeed | null;
  readonly #log: string[] = [];
  /** Resolves when we are done with the connection: a paused one tells nothing of its close. */
  #ended = Promise.withResolvers<void>();
  #socket: WebSocket | null = null;
  #rules = new RuledSocket();
  #port = 0;
  #heard = 0;
  #rests = false;
  #closed = false;

  constructor(place: Place, member: Member, name: string, feed: RuledFeed | null) {
    this.#place = place;
    this.#member = member;
    this.#name = name;
    this.#feed = feed;
  }

  /** A socket has one subscription a topic. */
  watches(id: string): boolean {
    return this.#watchers.has(`task:${id}`);
  }

  /** From now on the watcher gets the task's events, until it is done. */
  watch(id: string, watcher: Watcher): void {
    this.#watchers.set(`task:${id}`, watcher);
    this.#subscribe(`task:${id}`, watcher);
  }

  /** Keeps a socket open until `close`. */
  async run(): Promise<void> {
    const { random } = this.#place;
    while (!this.#closed) {
      await this.#connection();
      await sleep(random.between(20, 300));
    }
  }

  close(): void {
    this.#closed = true;
    this.#ended.resolve();
  }

  /** Something that a client may do at any time. */
  meddle(): void {
    const { random } = this.#place;
    const socket = this.#socket;
    if (this.#place.isCalm() || !socket || socket.readyState !== WebSocket.OPEN) return;
    const what = random.pick(["cut", "cut", "rest", "again", "forget", "leave"]);
    if (what === "cut") this.#ended.resolve();
    else if (what === "rest") void this.#rest(socket, random.between(200, 3_000));
    else {
      const open = [...this.#watchers].filter(([, watcher]) => !watcher.done);
      const [topic, watcher] = open[random.int(0, Math.max(0, open.length - 1))] ?? [];
      if (topic === undefined || watcher === undefined) return;
      if (what === "leave") this.#say({ type: "unsubscribe", topic });
      this.#subscribe(topic, watcher, what === "forget");
    }
  }

  async #rest(socket: WebSocket, ms: number): Promise<void> {
    this.#rests = true;
    socket.pause();
    await sleep(ms);
    this.#rests = false;
    this.#heard = performance.now();
    for (const watcher of this.#watchers.values()) watcher.rested();
    if (socket.readyState === WebSocket.OPEN) socket.resume();
    else if (socket === this.#socket) this.#ended.resolve();
  }

  async #connection(): Promise<void> {
    const port = (this.#port = this.#place.random.pick(this.#place.ports));
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/events`, {
      headers: this.#member.headers,
      handshakeTimeout: GIVE_UP,
    });
    const ended = (this.#ended = Promise.withResolvers<void>());
    this.#socket = socket;
    this.#rules = new RuledSocket();
    this.#heard = performance.now();
    this.#place.ledger.connections++;
    const silence = setInterval(() => this.#listen(socket), 1_000);
    socket.on("open", () => this.#opened());
    socket.on("message", (data: RawData) => {
      // What was under way when we gave up on it belongs to no connection any more.
      if (socket === this.#socket) this.#judged(() => this.#take(textOf(data)));
    });
    socket.on("error", () => undefined); // a close follows
    socket.on("unexpected-response", (request, response) => {
      const isKnown =
        this.#place.outages.has(response.statusCode!) || (response.statusCode === 500 && this.#place.isLeaving(port));
      if (!isKnown) this.#violation(`the socket is not ${response.statusCode}`);
      request.destroy();
      ended.resolve();
    });
    socket.on("close", (code) => {
      if (socket !== this.#socket) return;
      this.#note(`closed ${code}`);
      if (code !== 1006) this.#judged(() => this.#rules.closed(code));
      if (!LAWFUL.has(code)) this.#violation(`a close with ${code}`);
      ended.resolve();
    });
    await ended.promise;
    this.#socket = null;
    clearInterval(silence);
    socket.terminate();
  }

  #opened(): void {
    this.#heard = performance.now();
    this.#note(`open at ${this.#port}`);
    this.#follow();
    for (const [topic, watcher] of this.#watchers) {
      if (watcher.done) this.#watchers.delete(topic);
      else this.#subscribe(topic, watcher);
    }
  }

  #follow(): void {
    if (this.#feed && this.#socket?.readyState === WebSocket.OPEN)
      this.#say({ type: "subscribe", topic: "feed", cursor: this.#feed.cursor }, this.#feed);
  }

  #subscribe(topic: string, watcher: Watcher, forgets = false): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const { text, cursor } = watcher.judge.place;
    // What still comes of an older subscription is the older judge's.
    const judge = new RuledReader({ text, cursor: forgets ? null : cursor });
    watcher.note(`asks ${this.#name} after ${judge.cursor}`);
    watcher.carrier = this.#log;
    this.#judges.set(judge, watcher);
    this.#say({ type: "subscribe", topic, cursor: judge.cursor }, judge);
  }
  readonly #judges = new WeakMap<RuledReader, Watcher>();

  #say(message: { type: "subscribe"; topic: string; cursor: string | null }, judge: RuledReader | RuledFeed): void;
  #say(message: { type: "unsubscribe"; topic: string }): void;
  #say(
    message: { type: "subscribe"; topic: string; cursor: string | null } | { type: "unsubscribe"; topic: string },
    judge?: RuledReader | RuledFeed,
  ): void {
    if (message.type === "subscribe") this.#rules.asks(message, judge!);
    else this.#rules.asks(message);
    this.#note(`says ${message.type} ${message.topic}`);
    this.#socket?.send(JSON.stringify(message));
  }

  #take(data: string): void {
    const waited = performance.now() - this.#heard;
    const excused = this.#place.excused(this.#port, this.#heard);
    this.#heard = performance.now();
    if (!this.#rests) judgeSilence(waited, MACHINE + excused);
    const message = this.#rules.take(data);
    if (message.type !== "event" || message.event.type !== "token") this.#note(data.slice(0, 120));
    const { answered } = this.#rules;
    if (message.type === "subscribed" && answered?.judge instanceof RuledReader) {
      const watcher = this.#judges.get(answered.judge);
      if (watcher) watcher.judge = answered.judge;
    }
    if (message.type === "event") {
      const watcher = this.#watchers.get(message.topic);
      if (watcher && !isOfFeed(message.event)) watcher.saw(message.event, message.cursor);
    }
    if (message.type === "error") this.#refused(message.code, answered?.topic);
  }

  #refused(code: string, topic: string | undefined): void {
    const watcher = this.#watchers.get(topic ?? "");
    if (code === "not_found" && watcher) watcher.gone = true;
    else if (code === "unavailable" && topic === "feed") setTimeout(() => this.#follow(), 300);
    else if (code === "unavailable" && watcher && topic) setTimeout(() => this.#subscribe(topic, watcher), 300);
    else this.#violation(`an error for no fault of ours: ${code} (${topic})`);
  }

  /** A socket that says nothing is closed, as the page does. */
  #listen(socket: WebSocket): void {
    const waited = performance.now() - this.#heard;
    if (this.#rests || socket.readyState !== WebSocket.OPEN || waited < GIVE_UP) return;
    this.#judged(() => judgeSilence(waited, MACHINE + this.#place.excused(this.#port, this.#heard)));
    this.#ended.resolve();
  }

  #note(line: string): void {
    this.#log.push(`${(performance.now() / 1000).toFixed(3)} ${line}`);
    if (this.#log.length > 40) this.#log.shift();
  }

  #judged(judge: () => void): void {
    try {
      judge();
    } catch (error) {
      this.#violation(error instanceof Error ? error.message : String(error));
      this.#ended.resolve();
    }
  }

  #violation(rule: string): void {
    this.#place.ledger.violation(this.#name, rule, this.#log);
  }
}

const textOf = (data: RawData): string => new TextDecoder().decode(Array.isArray(data) ? Buffer.concat(data) : data);
