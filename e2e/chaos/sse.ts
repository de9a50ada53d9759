/** Readers by SSE: one that only reads, one that is slow, one that cuts itself at any byte, one that forgets its cursor. */
import { get, type IncomingMessage } from "node:http";

import { FrameParser } from "../../web/lib/streams/frames.ts";
import { judgeSilence } from "../../web/lib/streams/silence.ts";
import type { Member } from "./member.ts";
import type { Place } from "./place.ts";
import { sleep } from "./time.ts";
import type { Watcher } from "./watcher.ts";

export const SSE_KINDS = ["plain", "slow", "cutter", "forgetful"] as const;
export type SseKind = (typeof SSE_KINDS)[number];

/** The server is given up after this; a silence so long has broken the rule already. */
const GIVE_UP = 25_000;
/** The ending is there: how long the server may take to close. */
const CLOSE_WITHIN = 5_000;
const MACHINE = 2_500;

export class SseReader {
  readonly #place: Place;
  readonly #member: Member;
  readonly #watcher: Watcher;
  readonly #path: string;
  readonly #kind: SseKind;

  constructor(place: Place, member: Member, watcher: Watcher, id: string, kind: SseKind) {
    this.#place = place;
    this.#member = member;
    this.#watcher = watcher;
    this.#path = `/api/v1/tasks/${id}/stream`;
    this.#kind = kind;
  }

  /** Reads to the ending, however many connections that takes. */
  async run(): Promise<void> {
    const { random } = this.#place;
    const watcher = this.#watcher;
    while (!watcher.done) {
      const forgets = this.#kind === "forgetful" && !this.#place.isCalm() && random.chance(0.5);
      watcher.judge.connect(!forgets && watcher.judge.cursor !== null);
      await this.#connection();
      if (!watcher.done) await sleep(random.between(20, 300));
    }
    if (watcher.judge.ending === "task_finished" && random.chance(0.3)) await this.#knock();
  }

  async #connection(): Promise<void> {
    const { random, ledger } = this.#place;
    const port = random.pick(this.#place.ports);
    const { cursor } = this.#watcher.judge;
    this.#watcher.note(`connects to ${port} after ${cursor}`);
    ledger.connections++;
    const response = await this.#answer(port, cursor);
    if (response === null) return;
    if (response.statusCode === 200) return this.#read(response, port);
    response.resume();
    this.#watcher.note(`${response.statusCode}`);
    if (response.statusCode === 404) this.#watcher.gone = true;
    else if (!this.#place.outages.has(response.statusCode!))
      this.#watcher.violation(`a stream is not ${response.statusCode}`);
  }

  #answer(port: number, cursor: string | null): Promise<IncomingMessage | null> {
    const headers = {
      ...this.#member.headers,
      accept: "text/event-stream",
      ...(cursor === null ? {} : { "last-event-id": cursor }),
    };
    return new Promise((resolve) => {
      const request = get({ host: "127.0.0.1", port, path: this.#path, headers, agent: false }, resolve);
      request.setTimeout(GIVE_UP, () => request.destroy());
      request.on("error", () => resolve(null));
    });
  }

  async #read(response: IncomingMessage, port: number): Promise<void> {
    const { random } = this.#place;
    const watcher = this.#watcher;
    const parser = new FrameParser();
    let left = this.#kind === "cutter" && !this.#place.isCalm() ? this.#patience() : Infinity;
    const chunks = response[Symbol.asyncIterator]();
    try {
      for (;;) {
        const asked = performance.now();
        const next = await within(chunks, response, watcher.judge.ending === null ? GIVE_UP : CLOSE_WITHIN + MACHINE);
        const waited = performance.now() - asked;
        const excused = this.#place.excused(port, asked);
        if (next === "late" && watcher.judge.ending !== null && waited - excused > CLOSE_WITHIN)
          return watcher.violation("the server closes after an ending");
        this.#judged(() => judgeSilence(waited, MACHINE + excused));
        if (watcher.over) return;
        if (next === "late" || next === "lost") return watcher.note(next);
        if (next === "end") {
          watcher.note(`closed, retry ${parser.retry}`);
          return this.#judged(() => watcher.judge.closed(parser.retry));
        }
        this.#judged(() => {
          for (const frame of parser.feed(next.subarray(0, left))) watcher.saw(watcher.judge.take(frame), frame.id);
        });
        left -= next.length;
        if (left <= 0) {
          this.#cuts++;
          return watcher.note("cuts itself");
        }
        if (this.#kind === "slow" && !this.#place.isCalm() && watcher.judge.ending === null && random.chance(0.2)) {
          await sleep(random.between(100, 2_500));
          watcher.rested();
        }
      }
    } finally {
      response.destroy();
    }
  }

  /** A few bytes or some thousand: in the middle of a character, of a frame, of a text; and more with each time. */
  #patience(): number {
    return Math.ceil(10 ** this.#place.random.between(0, 3.5) * 1.3 ** this.#cuts);
  }
  #cuts = 0;

  #judged(judge: () => void): void {
    try {
      judge();
    } catch (error) {
      this.#watcher.violation(error instanceof Error ? error.message : String(error));
    }
  }

  /** The cursor of an ending has nothing after it. */
  async #knock(): Promise<void> {
    const response = await this.#answer(this.#place.random.pick(this.#place.ports), this.#watcher.judge.cursor);
    response?.destroy();
    const status = response?.statusCode;
    if (status === 204) this.#place.ledger.refusals++;
    else if (status === 404) this.#watcher.gone = true;
    else if (status !== undefined && !this.#place.outages.has(status))
      this.#watcher.violation(`the cursor of an ending gets ${status}`);
  }
}

/** The next bytes; "end" in good order, "lost" when the connection broke, "late" when nothing came for so long. */
async function within(
  chunks: AsyncIterator<Buffer>,
  response: IncomingMessage,
  ms: number,
): Promise<Buffer | "end" | "lost" | "late"> {
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), ms);
  try {
    const read = chunks.next();
    read.catch(() => undefined); // it may break after we gave up on it
    const next = await Promise.race([read, late.promise]);
    if (next === "late") return next;
    if (!next.done) return next.value;
    return response.complete ? "end" : "lost";
  } catch {
    return "lost";
  } finally {
    clearTimeout(timer);
  }
}
