/** Somebody whose tasks are watched through nginx, by the chaos run's readers, while things happen to the stack. */
import assert from "node:assert/strict";

import { RuledFeed } from "../../../web/lib/streams/feed-rules.ts";
import { Ledger } from "../../chaos/ledger.ts";
import { Life } from "../../chaos/life.ts";
import { Member } from "../../chaos/member.ts";
import type { Place } from "../../chaos/place.ts";
import { Random } from "../../chaos/random.ts";
import { Socket } from "../../chaos/socket.ts";
import { type SseKind, SseReader } from "../../chaos/sse.ts";
import { OwnLag, until } from "../../chaos/time.ts";
import { judge } from "../../chaos/verdict.ts";
import { Watcher } from "../../chaos/watcher.ts";
import { composed, haste } from "./stack.ts";

const READERS: readonly SseKind[] = ["plain", "cutter"];
/** How much of a text is there when we speak of its middle. */
const BEGUN = 40;

export class Party {
  readonly member: Member;
  readonly place: Place;
  readonly #socket: Socket;
  readonly #lives: Life[] = [];

  private constructor(place: Place, member: Member, socket: Socket) {
    this.place = place;
    this.member = member;
    this.#socket = socket;
  }

  static async join(): Promise<Party> {
    const lag = new OwnLag();
    const place: Place = {
      ports: [composed.port],
      origin: composed.url,
      random: new Random(9),
      ledger: new Ledger(),
      isCalm: () => false,
      isLate: () => false,
      // nginx says 502 where nobody listens, and passes on a 503 of the API.
      outages: new Set([502, 503]),
      isLeaving: () => true,
      excused: (_, from) => lag.since(from),
    };
    const member = await Member.register(place);
    const socket = new Socket(place, member, "socket", new RuledFeed());
    void socket.run();
    return new Party(place, member, socket);
  }

  /** Begins tasks, each watched by two readers over SSE and one by the socket. */
  async begin(count: number, tokens: number): Promise<Watched> {
    const lives = await Promise.all(Array.from({ length: count }, () => Life.begin(this.member, tokens)));
    for (const life of lives) {
      for (const kind of READERS) {
        const watcher = this.#watcher(life, kind);
        void new SseReader(
          { ...this.place, random: this.place.random.fork() },
          this.member,
          watcher,
          life.id,
          kind,
        ).run();
      }
      this.#socket.watch(life.id, this.#watcher(life, "socket"));
    }
    this.#lives.push(...lives);
    return new Watched(lives);
  }

  #watcher(life: Life, kind: string): Watcher {
    const watcher = new Watcher(`${life.id} ${kind}`, this.place.ledger);
    life.watchers.push(watcher);
    return watcher;
  }

  /** Passes when everybody has the row's text with one ending, and no rule was broken on any connection. */
  async judged(): Promise<void> {
    await judge(this.#lives, this.place.ledger);
    assert.deepEqual(this.place.ledger.violations, []);
  }

  leave(): void {
    this.#socket.close();
  }
}

export class Watched {
  readonly lives: readonly Life[];

  constructor(lives: readonly Life[]) {
    this.lives = lives;
  }

  get watchers(): Watcher[] {
    return this.lives.flatMap(({ watchers }) => watchers);
  }

  get isDone(): boolean {
    return this.watchers.every(({ done }) => done);
  }

  /** Passes when every reader has some of the text and none has all of it. */
  async isUnderWay(within = 30_000): Promise<void> {
    const begun = () => this.watchers.every(({ judge, over }) => over || judge.text.length > BEGUN);
    assert(await until(begun, within * haste()), "every reader sees the text grow");
    assert(!this.watchers.some(({ done }) => done), "the text is still being written");
  }

  /** Passes when every reader has its ending. Gives milliseconds. */
  async ends(within: number): Promise<number> {
    const from = performance.now();
    const late = () => this.watchers.filter(({ done }) => !done).map(({ name, log }) => `${name}: ${log.at(-1)}`);
    assert(
      await until(() => this.isDone, within * haste()),
      `every reader has its ending within ${within / 1000} s: ${late().join("; ")}`,
    );
    return performance.now() - from;
  }
}
