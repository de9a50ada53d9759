// The bench's side of its clients' process.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";

import { Sentence } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";
import type { Place } from "../../web/lib/streams/rules.ts";
import type { Effort } from "./connection.ts";
import type { Order, Seen } from "./orders.ts";

export interface Opening {
  port: number;
  paths: string[];
  headers?: string;
  place?: Place | null;
  count: number;
  /** The first client does the first of these, and so on around. */
  efforts: Effort[];
}

/** One in ten parses and judges; the others count. */
export const oneInTen = (effort: Effort): Effort[] => [effort, ...Array.from({ length: 9 }, () => "count" as const)];

export class Crowd {
  readonly #child: ChildProcess = fork(join(root, "perf", "crowd.ts"));
  readonly #waiting = new Map<number, (seen: Seen | null) => void>();
  #orders = 0;

  constructor() {
    this.#child.on("message", ({ id, seen }: { id: number; seen: Seen }) => {
      this.#waiting.get(id)?.(seen);
      this.#waiting.delete(id);
    });
    this.#child.once("exit", () => {
      for (const answer of this.#waiting.values()) answer(null);
    });
  }

  async open({ headers = "", place = null, ...opening }: Opening): Promise<Group> {
    const seen = await this.order({ do: "open", headers, place, ...opening });
    return new Group(this, opening, seen);
  }

  async order(order: Order): Promise<Seen> {
    const id = this.#orders++;
    const answer = new Promise<Seen | null>((resolve) => this.#waiting.set(id, resolve));
    this.#child.send({ id, order });
    const seen = await answer;
    if (seen === null) throw new Sentence("The clients' process died.");
    if (seen.failures.length > 0) throw new Sentence(`Clients failed: ${seen.failures.join("; ")}`);
    return seen;
  }

  end(): void {
    this.#child.disconnect();
  }
}

/** Clients that were opened together. */
export class Group {
  readonly count: number;
  readonly #crowd: Crowd;
  readonly #id: number;

  constructor(crowd: Crowd, { count }: { count: number }, { group }: Seen) {
    this.#crowd = crowd;
    this.#id = group;
    this.count = count;
  }

  /** Throws a sentence when the server ended one of them. */
  async seen(): Promise<Seen> {
    const seen = await this.#crowd.order({ do: "seen", group: this.#id });
    if (seen.ended > 0) throw new Sentence(`The server ended ${seen.ended} of ${seen.connections} connections.`);
    return seen;
  }

  async close(): Promise<void> {
    await this.#crowd.order({ do: "close", group: this.#id });
  }
}
