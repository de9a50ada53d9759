/** One reader of one task, over all its connections and whatever carries them: what it saw, and how long it waited. */
import type { components } from "../../web/lib/api/schema.d.ts";
import { RuledReader } from "../../web/lib/streams/rules.ts";
import type { Ledger } from "./ledger.ts";

type TaskEvent = components["schemas"]["TaskEvent"];

const KEPT = 25;

export class Watcher {
  readonly name: string;
  judge = new RuledReader();
  /** A rule was broken, or the answer was final: it reads no more. */
  over = false;
  /** 404: the task isn't there any more. */
  gone = false;
  readonly log: string[] = [];
  /** What the socket saw that carries it. */
  carrier: readonly string[] = [];
  readonly #ledger: Ledger;
  readonly #begun = performance.now();
  #last = performance.now();
  #longest = 0;
  #attempt = 0;
  #judged = false;

  constructor(name: string, ledger: Ledger) {
    this.name = name;
    this.#ledger = ledger;
  }

  get done(): boolean {
    return this.over || this.gone || this.judge.ending !== null;
  }

  note(line: string): void {
    this.log.push(`${((performance.now() - this.#begun) / 1000).toFixed(3)} ${line}`);
    if (this.log.length > KEPT) this.log.shift();
  }

  /** An event that the judge has taken. */
  saw(event: TaskEvent, id: string | null): void {
    this.note(`${id ?? "-"} ${event.type}${"offset" in event ? ` at ${event.offset}` : ""}`);
    this.#ledger.events++;
    if (event.type === "heartbeat") return;
    if (event.type === "reset") {
      this.#ledger.resets++;
      if (event.reason === "log_lost") this.violation("log_lost is for a database that was restored, and none was");
    }
    if (event.type === "snapshot") this.#ledger.snapshots++;
    const now = performance.now();
    const attempt = "attempt" in event ? event.attempt : this.#attempt;
    if (attempt > this.#attempt && this.#attempt > 0) this.#ledger.takeovers.push({ from: this.#last, to: now });
    this.#attempt = Math.max(attempt, this.#attempt);
    this.#longest = Math.max(this.#longest, now - this.#last);
    // What comes before another attempt tells nothing of how long it takes to begin one.
    if (event.type !== "reset") this.#last = now;
    if (this.judge.ending !== null && !this.#judged) this.#ledger.stalls.push(this.#longest);
    this.#judged ||= this.judge.ending !== null;
  }

  /** It did nothing for a while by its own wish: nobody made it wait. */
  rested(): void {
    this.#last = performance.now();
  }

  violation(rule: string): void {
    this.over = true;
    this.#ledger.violation(this.name, rule, [...this.log, ...this.carrier.slice(-KEPT)]);
  }
}
