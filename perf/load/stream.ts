// One client of one stream: reads to the ending over as many connections as that takes, and is judged by the rules.
import { Agent as HttpAgent, type IncomingMessage, request as http } from "node:http";
import { Agent as HttpsAgent, request as https } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

import { FrameParser } from "../../web/lib/streams/frames.ts";
import { RuledReader } from "../../web/lib/streams/rules.ts";
import { judgeSilence } from "../../web/lib/streams/silence.ts";
import { Gaps } from "./gaps.ts";

/** Every stream has a connection of its own, as every browser has. */
const agents = {
  http: new HttpAgent({ keepAlive: false, maxSockets: Infinity }),
  https: new HttpsAgent({ keepAlive: false, maxSockets: Infinity }),
};
/** What "not now" looks like: the client comes back. */
const LATER = new Set([429, 502, 503]);
/** Beyond what the rules allow a silence: the machine, and this process, have other things to do. In milliseconds. */
const GRACE = 3_000;

export class Stream {
  readonly reader = new RuledReader();
  readonly gaps = new Gaps();
  /** Milliseconds from asking to the first frame. */
  opened: number | null = null;
  /** When the first text came, and the ending, by this process's clock. */
  firstText: number | null = null;
  endedAt: number | null = null;
  /** The longest wait from one token to the next, in milliseconds. */
  longest = 0;
  events = 0;
  connections = 0;
  /** Connections that broke, and requests that were refused for now. */
  lost = 0;
  refused = 0;
  /** The first rule that was broken, or why there is no ending. */
  broken: string | null = null;
  /** Resolves with the first text, or when it is done without any. */
  readonly hasText: Promise<void>;
  #resolveText!: () => void;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #wait: (ms: number) => void;
  #request: ReturnType<typeof http> | null = null;
  #heard = 0;
  #lastToken = 0;

  /** `wait` hears of every wait between two tokens, in milliseconds. */
  constructor(url: string, headers: Record<string, string>, wait: (ms: number) => void = () => undefined) {
    this.#url = url;
    this.#headers = headers;
    this.#wait = wait;
    this.hasText = new Promise((resolve) => (this.#resolveText = resolve));
  }

  get isDone(): boolean {
    return this.endedAt !== null || this.broken !== null;
  }

  /** Resolves when it is done. */
  async run(): Promise<void> {
    const begun = performance.now();
    while (!this.isDone) {
      this.reader.connect();
      const pause = await this.#connection(begun);
      if (!this.isDone) await sleep(pause);
    }
    this.#resolveText();
  }

  /** It has to be over by now: what has no ending is broken. */
  giveUp(why: string): void {
    if (!this.isDone) this.#fail(why);
  }

  /** Asked now and then: a heartbeat has to come. */
  listen(): void {
    if (!this.isDone && this.#heard > 0) this.#judged(() => judgeSilence(performance.now() - this.#heard, GRACE));
  }

  #fail(why: string): void {
    this.broken ??= why;
    this.#request?.destroy();
  }

  /** One connection; gives how long to wait until the next, in milliseconds. */
  async #connection(begun: number): Promise<number> {
    this.connections++;
    const response = await this.#answer();
    if (response === null) return this.#lose();
    if (response.statusCode !== 200) {
      response.resume();
      if (!LATER.has(response.statusCode!)) this.#fail(`a stream is not ${response.statusCode}`);
      this.refused++;
      return Number(response.headers["retry-after"] ?? 1) * 1_000;
    }
    const parser = new FrameParser();
    const complete = await this.#read(response, parser, begun);
    if (!complete) return this.isDone ? 0 : this.#lose();
    this.#judged(() => this.reader.closed(parser.retry));
    return parser.retry ?? 0;
  }

  #lose(): number {
    this.lost++;
    return 100 + Math.random() * 400;
  }

  #answer(): Promise<IncomingMessage | null> {
    const { cursor } = this.reader;
    const headers = {
      ...this.#headers,
      accept: "text/event-stream",
      ...(cursor === null ? {} : { "last-event-id": cursor }),
    };
    return new Promise((resolve) => {
      const request = this.#url.startsWith("https:")
        ? https(this.#url, { headers, agent: agents.https }, resolve)
        : http(this.#url, { headers, agent: agents.http }, resolve);
      this.#request = request;
      request.once("error", () => resolve(null));
      request.end();
    });
  }

  /** Resolves when the connection is over; true when the server ended it in good order. */
  #read(response: IncomingMessage, parser: FrameParser, begun: number): Promise<boolean> {
    return new Promise((resolve) => {
      response.on("data", (bytes: Buffer) => {
        const now = performance.now();
        this.#heard = now;
        this.opened ??= now - begun;
        this.#judged(() => {
          for (const frame of parser.feed(bytes)) this.#saw(this.reader.take(frame), frame.id, now);
        });
      });
      response.once("error", () => undefined); // a close follows
      response.once("close", () => {
        this.#heard = 0;
        resolve(response.complete);
      });
    });
  }

  #saw(event: ReturnType<RuledReader["take"]>, id: string | null, now: number): void {
    this.events++;
    this.gaps.take(event, id);
    if (event.type === "token") {
      if (this.#lastToken > 0) {
        const waited = now - this.#lastToken;
        this.longest = Math.max(this.longest, waited);
        this.#wait(waited);
      }
      this.#lastToken = now;
    }
    if (this.reader.text !== "" && this.firstText === null) {
      this.firstText = now;
      this.#resolveText();
    }
    if (this.reader.ending !== null) this.endedAt = now;
  }

  #judged(judge: () => void): void {
    try {
      judge();
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }
}
