// One client: a bare socket that asks for a stream and counts frames, or takes them apart and judges them.
import { connect, type Socket } from "node:net";

import { FrameParser } from "../../web/lib/streams/frames.ts";
import { type Place, RuledReader } from "../../web/lib/streams/rules.ts";
import { Chunks } from "./chunks.ts";

const FRAME_END = Buffer.from("\n\n");
const HEAD_END = Buffer.from("\r\n\r\n");

/** `count` costs next to nothing; `parse` takes frames apart; `judge` also insists on the contract's rules. */
export type Effort = "count" | "parse" | "judge";

export interface Request {
  port: number;
  path: string;
  headers: string;
  effort: Effort;
}

export class Connection {
  frames = 0;
  bytes = 0;
  /** The bytes of the body, without HTTP's chunks around them: how many there are is chance. */
  payload = 0;
  /** The server ended it. */
  ended = false;
  /** What went wrong here, in the server's answer or by the rules. */
  failure: string | null = null;
  /** From the stamp in a token's text to its arrival here, in milliseconds. */
  readonly latencies: number[] = [];
  readonly reader: RuledReader;
  /** Resolves with the first frame, or with what came instead. */
  readonly opened: Promise<void>;
  readonly #request: Request;
  readonly #socket: Socket;
  readonly #chunks = new Chunks();
  readonly #parser = new FrameParser();
  #head: Buffer | null = Buffer.alloc(0);
  #endsOpen = false;
  #open!: () => void;

  /** `place` is where it goes on; without one it asks for a snapshot. */
  constructor(request: Request, place: Place | null = null) {
    this.#request = request;
    this.reader = new RuledReader(place ?? undefined);
    this.reader.connect();
    this.opened = new Promise((resolve) => (this.#open = resolve));
    this.#socket = connect({ port: request.port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (data: Buffer) => this.#hear(data));
    this.#socket.once("error", (error) => this.#fail(error.message));
    this.#socket.once("close", () => {
      this.ended = true;
      this.#open();
    });
    const from = place?.cursor ? `last-event-id: ${place.cursor}\r\n` : "";
    this.#socket.write(`GET ${request.path} HTTP/1.1\r\nhost: bench\r\n${request.headers}${from}\r\n`);
  }

  /** All that the kernel has handed over, also what waits because nobody reads it. */
  get received(): number {
    return this.bytes + this.#socket.readableLength;
  }

  /** The port that the server sees. */
  get port(): number {
    return this.#socket.localPort ?? 0;
  }

  stall(): void {
    this.#socket.pause();
  }

  goOn(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  #fail(why: string): void {
    this.failure ??= why;
    this.#socket.destroy();
    this.#open();
  }

  #hear(data: Buffer): void {
    const now = process.hrtime.bigint();
    this.bytes += data.length;
    if (this.#head === null) return this.#body(data, now);
    const head = Buffer.concat([this.#head, data]);
    const end = head.indexOf(HEAD_END);
    if (end === -1) {
      this.#head = head;
      return;
    }
    this.#head = null;
    const [status = ""] = head.toString("latin1", 0, end).split("\r\n");
    if (!status.startsWith("HTTP/1.1 200")) return this.#fail(status);
    if (head.length > end + 4) this.#body(head.subarray(end + 4), now);
  }

  #body(data: Buffer, now: bigint): void {
    try {
      if (this.#request.effort === "count") this.#count(data);
      else
        for (const chunk of this.#chunks.feed(data)) {
          this.payload += chunk.length;
          for (const frame of this.#parser.feed(chunk)) this.#take(frame, now);
        }
    } catch (error) {
      this.#fail(String(error));
    }
    if (this.frames > 0) this.#open();
  }

  #take(frame: ReturnType<FrameParser["feed"]>[number], now: bigint): void {
    this.frames++;
    const event =
      this.#request.effort === "judge"
        ? this.reader.take(frame)
        : (JSON.parse(frame.data[0] ?? "") as { type: string; text?: string });
    const stamp = event.type === "token" && /^(\d{9,}) /.exec(event.text ?? "")?.[1];
    if (stamp) this.latencies.push(Number(now - BigInt(stamp)) / 1e6);
  }

  /** Frames end with an empty line, which is nowhere else: not in our JSON, not in the head of a chunk. */
  #count(data: Buffer): void {
    if (this.#endsOpen && data[0] === 10) this.frames++;
    let last = -2;
    for (let at = data.indexOf(FRAME_END); at !== -1; at = data.indexOf(FRAME_END, at + 2)) {
      this.frames++;
      last = at;
    }
    this.#endsOpen = data[data.length - 1] === 10 && last !== data.length - 2;
  }
}
