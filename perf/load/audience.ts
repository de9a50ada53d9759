// Tasks that come at a rate and are watched by many, by SSE: the load that k6 can't make.
import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Sentence } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";
import { Histogram } from "./histogram.ts";
import type { Heard, Order, Tale } from "./orders.ts";
import type { Stage } from "./profiles.ts";
import type { Member, Task } from "./site.ts";

/** How many are asked for their text at once, when all is over. */
const AT_ONCE = 4;
const TRIES = 10;

interface Size {
  /** Tasks a second. */
  perSecond: number;
  /** Who watches each of them, and how long after the first the last one comes, in seconds. */
  readers: number;
  spread: number;
}

/** What one client heard, and when its task was asked for. */
export interface Witness extends Heard {
  posted: number;
}

export class Audience {
  readonly waits = new Histogram();
  /** Why tasks were refused. */
  readonly refusals: string[] = [];
  readonly #member: Member;
  readonly #size: Size;
  readonly #processes: ChildProcess[];
  readonly #posted = new Map<string, number>();

  /** Each process has a core: one is left for whoever is asked, where there is one. */
  constructor(member: Member, size: Size) {
    this.#member = member;
    this.#size = size;
    const count = Math.max(1, Math.min(4, availableParallelism() - 1));
    this.#processes = Array.from({ length: count }, () => fork(join(root, "perf", "load", "clients.ts")));
  }

  /** Tasks come at their rate, however long each of them takes to be accepted. */
  async come(stages: readonly Stage[]): Promise<void> {
    const asking: Promise<void>[] = [];
    let due = performance.now();
    for (const { times, seconds } of stages) {
      const end = due + seconds * 1_000;
      const every = 1_000 / (this.#size.perSecond * times);
      for (; due < end; due += every) {
        await sleep(Math.max(0, due - performance.now()));
        asking.push(this.#ask());
      }
    }
    await Promise.all(asking);
  }

  async #ask(): Promise<void> {
    const posted = performance.timeOrigin + performance.now();
    try {
      const task = await this.#member.create();
      this.#posted.set(task, posted);
      const process = this.#processes[this.#posted.size % this.#processes.length]!;
      const [url, headers] = [this.#member.streamOf(task), this.#member.headers];
      const { readers, spread } = this.#size;
      this.#order(process, { do: "watch", task, url, headers, readers, spread: spread * 1_000 });
    } catch (error) {
      this.refusals.push(error instanceof Error ? error.message : String(error));
    }
  }

  #order(process: ChildProcess, order: Order): void {
    if (process.connected) process.send(order);
  }

  /** What all of them heard, when each has its ending or `within` seconds are over. */
  async told(within: number): Promise<Witness[]> {
    const tales = await Promise.all(
      this.#processes.map(async (process) => {
        const answer = once(process, "message").then(([tale]) => tale as Tale);
        const died = once(process, "exit").then(() => null);
        this.#order(process, { do: "tell", within: within * 1_000 });
        const tale = process.connected ? await Promise.race([answer, died]) : null;
        if (tale === null) throw new Sentence("The clients' process died.");
        return tale;
      }),
    );
    for (const { waits } of tales) this.waits.merge(waits);
    const heard = tales.flatMap((tale) => tale.heard);
    await this.#compare(heard);
    return heard.map((each) => Object.assign(each, { posted: this.#posted.get(each.task)! }));
  }

  /** A stream whose text isn't its task's is broken, whatever rules it kept. */
  async #compare(heard: Heard[]): Promise<void> {
    const waiting = [...new Set(heard.map(({ task }) => task))];
    const one = async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        const task = await this.#rowOf(id);
        const text = createHash("sha256").update(task.text).digest("base64");
        for (const each of heard)
          if (each.task === id && (each.text !== text || each.status !== task.status))
            each.broken ??= "Its text, or its ending, is not its task's.";
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  /** A crowd is just leaving: "not now" is an answer to come back from. */
  async #rowOf(id: string): Promise<Task> {
    for (let tries = TRIES; ; tries--) {
      try {
        return await this.#member.task(id);
      } catch (error) {
        if (tries <= 1) throw error;
        await sleep(1_000);
      }
    }
  }

  end(): void {
    for (const process of this.#processes) if (process.connected) process.disconnect();
  }
}
