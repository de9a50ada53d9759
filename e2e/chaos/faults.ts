/** What goes wrong: parts of the stack are killed, stopped and terminated, one every few seconds, as the seed says. */
import type { ServiceName } from "../../scripts/lib/services.ts";
import type { Stack } from "../../scripts/lib/stack.ts";
import type { Random } from "./random.ts";
import { cutTail, flush, tree } from "./servers.ts";
import { settings } from "./settings.ts";
import { sleep } from "./time.ts";

export interface Fault {
  kind: string;
  target: ServiceName;
  from: number;
  /** When what we did was over; what it did takes longer. */
  to: number;
}

type Deed = "killed" | "terminated" | "stopped" | "cut" | "flushed";

/** How often each happens, against the others. */
const DEEDS: readonly (readonly [weight: number, deed: Deed, targets: readonly ServiceName[]])[] = [
  [5, "killed", ["api", "api-2"]],
  [2, "terminated", ["api", "api-2"]],
  [3, "stopped", ["api", "api-2"]],
  [5, "killed", ["worker", "worker-2"]],
  [2, "terminated", ["worker", "worker-2"]],
  [4, "stopped", ["worker", "worker-2"]],
  [2, "killed", ["valkey"]],
  [2, "cut", ["valkey"]],
  [2, "stopped", ["valkey"]],
  [1, "flushed", ["valkey"]],
  [2, "killed", ["postgres"]],
  [2, "stopped", ["postgres"]],
  [1, "killed", ["beat"]],
];
/** The longest that a part is stopped, in milliseconds: a worker longer than its leases, so that two have a task. */
const LONGEST_STOP = { worker: 9_000, api: 6_000, valkey: 5_000, postgres: 5_000, beat: 1_000, web: 0 } as const;

const LEAVES_WITHIN = 8_000;

export class Faults {
  readonly log: Fault[] = [];
  readonly #stack: Stack;
  readonly #random: Random;
  readonly #busy = new Set<ServiceName>();
  readonly #stopped = new Map<ServiceName, number[]>();
  readonly #running = new Set<Promise<void>>();

  constructor(stack: Stack, random: Random) {
    this.#stack = stack;
    this.#random = random;
  }

  /** One fault after the other, some at the same time, until `end`. */
  async run(end: number, pause: number): Promise<void> {
    const random = this.#random;
    while (performance.now() < end) {
      const [, deed, targets] = this.#drawn();
      const target = random.pick(targets);
      const chance = random.fork();
      if (!this.#busy.has(target)) {
        const done = this.#do(deed, target, chance).finally(() => this.#running.delete(done));
        this.#running.add(done);
      }
      await sleep(Math.min(random.between(0.2, 1.8) * pause * 1000, Math.max(0, end - performance.now())));
    }
    await Promise.all(this.#running);
  }

  /** Whatever is stopped goes on: else nothing of it could be ended. */
  heal(): void {
    for (const pids of this.#stopped.values()) signal(pids.toReversed(), "SIGCONT");
    this.#stopped.clear();
  }

  /** Whether a part was terminated so short a time ago that it may still be leaving. */
  leaves(target: ServiceName): boolean {
    const since = performance.now() - LEAVES_WITHIN;
    return this.log.some((fault) => fault.target === target && fault.kind === "terminated" && fault.from > since);
  }

  /** Milliseconds since `from` in which a part was stopped by us. */
  stopped(target: ServiceName, from: number): number {
    return this.log
      .filter((fault) => fault.target === target && fault.kind === "stopped" && fault.to > from)
      .reduce((sum, fault) => sum + Math.min(fault.to, performance.now()) - Math.max(fault.from, from), 0);
  }

  #drawn() {
    const deeds = DEEDS.filter(([, deed, [target]]) => `${target} ${deed}`.startsWith(settings.only));
    const sum = deeds.reduce((total, [weight]) => total + weight, 0);
    let at = this.#random.between(0, sum);
    return deeds.find(([weight]) => (at -= weight) < 0) ?? deeds[0] ?? DEEDS[0]!;
  }

  async #do(deed: Deed, target: ServiceName, random: Random): Promise<void> {
    this.#busy.add(target);
    const fault: Fault = { kind: deed, target, from: performance.now(), to: Infinity };
    const act = this.#deeds[deed];
    const did = await act(target, random, () => this.log.push(fault)).catch((error: unknown) => {
      console.log(`  ${target} could not be ${deed}: ${String(error)}`);
      return "";
    });
    fault.to = performance.now();
    this.#busy.delete(target);
    if (did !== "") console.log(`  ${target} ${deed}${did}`);
  }

  readonly #deeds: Record<Deed, (target: ServiceName, random: Random, begins: () => void) => Promise<string>> = {
    killed: async (target, _, begins) => this.#signalled(target, "SIGKILL", begins),
    terminated: async (target, _, begins) => this.#signalled(target, "SIGTERM", begins),
    stopped: async (target, random, begins) => {
      const pid = await this.#stack.pid(target);
      if (pid === null) return "";
      const kind = this.#stack.services.find(({ name }) => name === target)!.kind;
      const ms = random.between(300, LONGEST_STOP[kind]);
      begins();
      signal([pid], "SIGSTOP");
      const pids = tree(pid);
      this.#stopped.set(target, pids);
      signal(pids, "SIGSTOP");
      await sleep(ms);
      signal(pids.toReversed(), "SIGCONT");
      this.#stopped.delete(target);
      return ` for ${(ms / 1000).toFixed(1)} s`;
    },
    cut: async (target, random, begins) => {
      begins();
      await this.#stack.fell(target);
      const { had, cut } = cutTail(this.#stack.plan.folder, random.int(1, 10 ** random.int(1, 6)));
      await sleep(random.between(0, 1_500));
      await this.#stack.raise(target);
      return `: ${cut} bytes of ${had}`;
    },
    flushed: async (_, __, begins) => {
      begins();
      return (await flush(this.#stack.plan)) ? " " : "";
    },
  };

  async #signalled(target: ServiceName, name: NodeJS.Signals, begins: () => void): Promise<string> {
    const pid = await this.#stack.pid(target);
    if (pid === null) return "";
    begins();
    signal([pid], name);
    return " ";
  }
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has just ended by itself.
    }
  }
}
