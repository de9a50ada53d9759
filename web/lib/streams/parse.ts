/** The edge: bytes of a stream become an event of the contract here, or nothing. */
import { type Check, memberOf, type Members, union, UnknownType } from "../api/check";
import { feedEvents, serverMessages, taskEvents } from "../api/checks";
import type { Schema } from "../api/types";

export type TaskEvent = Schema<"TaskEvent">;
export type FeedEvent = Schema<"FeedEvent">;
export type ServerMessage = Schema<"ServerMessage">;
export type ClientMessage = Schema<"ClientMessage">;

/** Data that isn't what the contract says. */
export class MalformedEvent extends Error {
  override readonly name = "MalformedEvent";
}

/** What `data` says, or null for what a newer server may have. Throws MalformedEvent. */
function parse<T>(data: string, check: () => Check<T>): T | null {
  try {
    const isRight = check();
    const value: unknown = JSON.parse(data);
    if (isRight(value)) return value;
  } catch (error) {
    if (error instanceof UnknownType) return null;
  }
  throw new MalformedEvent(data.slice(0, 100));
}

/** A reader of frames whose `event:` is the `type` in their data. */
export const frameParser =
  <T extends { type: string }>(members: Members<T> & Readonly<Record<string, Check<T>>>) =>
  (name: string, data: string): T | null =>
    parse(data, () => memberOf(members, name));

export const parseTaskEvent = frameParser<TaskEvent>(taskEvents);

const isServerMessage = /* @__PURE__ */ union<ServerMessage>(serverMessages);

/** A message of the socket. Throws MalformedEvent; null is a message, or an event in it, of a newer server. */
export const parseServerMessage = (data: string): ServerMessage | null => parse(data, () => isServerMessage);

export const isFeedEvent = (event: TaskEvent | FeedEvent): event is FeedEvent => Object.hasOwn(feedEvents, event.type);
