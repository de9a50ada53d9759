/** The contract's rules for `/ws/events`, whatever its topics carry. Beside `rules.ts`, and shared by the same. */
import type { components } from "../api/schema.d.ts";
import { RuledFeed } from "./feed-rules.ts";
import { must } from "./must.ts";
import { RuledReader } from "./rules.ts";

type ServerMessage = components["schemas"]["ServerMessage"];
type ClientMessage = components["schemas"]["ClientMessage"];
type TopicEvent = Extract<ServerMessage, { type: "event" }>;
type FeedEvent = components["schemas"]["FeedEvent"];

/** Who judges a topic's events. */
export type Judge = RuledReader | RuledFeed;

interface Asked {
  type: ClientMessage["type"];
  topic: string;
  cursor: string | null;
  judge: Judge | null;
}

const CLOSES = new Set([1000, 1008, 1012, 4401, 4408, 4429]);

/** One socket, from its opening to its close. */
export class RuledSocket {
  /** What the last `subscribed`, `unsubscribed` or `error` was the answer to. */
  answered: Readonly<Asked> | null = null;
  #welcomed = false;
  /** Answers come in the order of the questions. */
  readonly #asked: Asked[] = [];
  readonly #topics = new Map<string, Judge>();

  /** We say this; `judge` takes the topic from where its cursor is, once the server has answered. */
  asks(message: Extract<ClientMessage, { type: "subscribe" }>, judge: Judge): void;
  asks(message: Extract<ClientMessage, { type: "unsubscribe" }>): void;
  asks(message: ClientMessage, judge: Judge | null = null): void {
    const cursor = message.type === "subscribe" ? (message.cursor ?? null) : null;
    this.#asked.push({ type: message.type, topic: message.topic, cursor, judge });
  }

  /** Takes a text frame. Throws when the contract forbids it here. */
  take(data: string): ServerMessage {
    const message: ServerMessage = JSON.parse(data);
    must(this.#welcomed === (message.type !== "welcome"), `welcome comes first and once: ${message.type}`);
    switch (message.type) {
      case "welcome":
        this.#welcomed = true;
        must(message.heartbeat_seconds > 0 && message.heartbeat_seconds <= 10, "a heartbeat every 10 s at most");
        break;
      case "subscribed":
        this.#subscribed(message.topic, message.cursor);
        break;
      case "event":
        this.#event(message);
        break;
      case "unsubscribed":
        this.#unsubscribed(message.topic);
        break;
      case "error":
        must(this.#answers() !== undefined, `an error answers a message: ${message.code}`);
        break;
      case "heartbeat":
        break;
      default:
        must(false, `a message is known: ${JSON.stringify(message satisfies never)}`);
    }
    return message;
  }

  /** The server closed with this code: of a broken connection there is nothing to say. */
  closed(code: number): void {
    must(CLOSES.has(code), `${code} is one of the contract's close codes`);
  }

  #subscribed(topic: string, cursor: string | null): void {
    const asked = this.#answers();
    const judge = asked?.judge ?? null;
    must(judge !== null && asked?.topic === topic, `subscribed (${topic}) answers what was asked first`);
    if (judge instanceof RuledFeed) judge.connect(cursor);
    else {
      must(cursor === null || cursor === asked.cursor, `it goes on after our cursor ${asked.cursor}, not ${cursor}`);
      judge.connect(cursor !== null);
    }
    this.#topics.set(topic, judge);
  }

  #answers(): Asked | undefined {
    const asked = this.#asked.shift();
    this.answered = asked ?? null;
    return asked;
  }

  #event({ topic, cursor, event }: TopicEvent): void {
    const judge = this.#topics.get(topic);
    must(judge !== undefined, `no event of a topic that isn't subscribed: ${topic}, ${event.type}`);
    must(event.type !== "heartbeat", "heartbeats are the socket's, not a topic's");
    if (judge instanceof RuledFeed) {
      must(isOfFeed(event), `${event.type} is no event of the feed`);
      judge.judge(event, cursor);
    } else {
      must(!isOfFeed(event), `${event.type} is no event of a task`);
      judge.judge(event, cursor);
    }
  }

  #unsubscribed(topic: string): void {
    const judge = this.#topics.get(topic);
    const [next] = this.#asked;
    const answers = next?.type === "unsubscribe" && next.topic === topic;
    const ended = judge instanceof RuledReader && (judge.ending !== null || isEnding(judge.cursor));
    must(answers || ended, `unsubscribed (${topic}) answers a message or follows an ending`);
    // An ending may overtake our wish to go: then there are two answers, and this is the first.
    if (answers && !ended) this.#answers();
    this.#topics.delete(topic);
  }
}

export const isOfFeed = (event: TopicEvent["event"]): event is FeedEvent => event.type.startsWith("feed_");
const isEnding = (cursor: string | null): boolean => cursor?.endsWith(`-${2 ** 53 - 1}`) ?? false;
