/** A task from its creation to its ending, those who watch it, and what its owner does meanwhile. */
import type { components } from "../../web/lib/api/schema.d.ts";
import type { Member } from "./member.ts";
import type { Place } from "./place.ts";
import type { Random } from "./random.ts";
import { settings } from "./settings.ts";
import type { Socket } from "./socket.ts";
import { SSE_KINDS, SseReader } from "./sse.ts";
import { sleep, until } from "./time.ts";
import { Watcher } from "./watcher.ts";

export class Life {
  readonly id: string;
  readonly member: Member;
  readonly watchers: Watcher[] = [];
  /** `asked` until an answer says that it is so. */
  cancelled: "no" | "asked" | "yes" = "no";
  deleted: "no" | "asked" | "yes" = "no";

  private constructor(id: string, member: Member) {
    this.id = id;
    this.member = member;
  }

  static async begin(member: Member, tokens: number): Promise<Life> {
    const task: components["schemas"]["Task"] = await member.create(
      `A rota for 🔭 observers, with 𝔘nicode names, in ${tokens} tokens`,
    );
    return new Life(task.id, member);
  }

  /** Lets readers of every kind watch, and the owner change their mind; ends when all of them have their ending. */
  async run(place: Place, sockets: readonly Socket[], random: Random): Promise<void> {
    const readers = Math.ceil(settings.readers * random.between(0.5, 1.5));
    const jobs = Array.from({ length: readers }, (_, number) => this.#watch(place, sockets, random, number));
    if (random.chance(0.12)) jobs.push(this.#cancel(random));
    else if (random.chance(0.1)) jobs.push(this.#delete(random));
    await Promise.all(jobs);
  }

  async #watch(place: Place, sockets: readonly Socket[], random: Random, number: number): Promise<void> {
    const bySocket = random.chance(0.4);
    const kind = random.pick(SSE_KINDS);
    const socket = random.pick(sockets);
    if (random.chance(0.35)) await sleep(random.between(0, 15_000)); // late, perhaps after the ending
    const shares = bySocket && !socket.watches(this.id);
    const watcher = new Watcher(`${this.id} ${shares ? "socket" : kind} ${number}`, place.ledger);
    this.watchers.push(watcher);
    if (shares) socket.watch(this.id, watcher);
    else void new SseReader({ ...place, random: random.fork() }, this.member, watcher, this.id, kind).run();
    await until(() => watcher.done || place.isLate(), Infinity);
    if (!watcher.done) watcher.violation("a reader gets its ending");
  }

  async #cancel(random: Random): Promise<void> {
    await sleep(random.between(0, 6_000));
    this.cancelled = "asked";
    const { status } = await this.member.insist(`/api/v1/tasks/${this.id}/cancel`, { method: "POST" });
    if (status === 202) this.cancelled = "yes";
  }

  async #delete(random: Random): Promise<void> {
    await sleep(random.between(0, 8_000));
    this.deleted = "asked";
    const { status } = await this.member.insist(`/api/v1/tasks/${this.id}`, { method: "DELETE" });
    if (status === 204 || status === 404) this.deleted = "yes";
  }
}
