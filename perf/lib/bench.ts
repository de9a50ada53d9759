// Everything a measurement may need, started when it is first asked for and ended together.
import { Sentence } from "../../scripts/lib/errors.ts";
import type { Context, Measure as MeasureOf } from "./command.ts";
import { Crowd } from "./crowd.ts";
import { cores, pin } from "./proc.ts";
import { type Reference, startReference } from "./reference.ts";
import { Stand } from "./stand.ts";
import { startWriter, type Writer } from "./writer.ts";

/** Tasks that the writer claims at the start; every measurement takes some that no other has used. */
const TASKS = 140;

export type Measure = MeasureOf<Bench>;

export class Bench implements Context {
  readonly planted: boolean;
  readonly serverCore: number;
  readonly crowd: Crowd;
  #stand: Promise<Stand> | null = null;
  #reference: Promise<Reference> | null = null;
  #writer: Promise<Writer> | null = null;
  #used = 0;

  constructor(planted: boolean) {
    this.planted = planted;
    const [server, rest] = cores();
    this.serverCore = server;
    pin(process.pid, rest); // and with us all that we start; servers under test are moved
    this.crowd = new Crowd();
  }

  stand(): Promise<Stand> {
    return (this.#stand ??= Stand.start(["postgres", "valkey", "api"], this.serverCore));
  }

  reference(): Promise<Reference> {
    return (this.#reference ??= startReference(this.serverCore));
  }

  writer(): Promise<Writer> {
    return (this.#writer ??= this.#startWriter());
  }

  async #startWriter(): Promise<Writer> {
    const stand = await this.stand();
    await stand.createTasks(TASKS);
    return startWriter(stand.env, TASKS);
  }

  /** Running tasks with nothing but their first entry in the log. */
  async freshTasks(count: number): Promise<string[]> {
    const { tasks } = await this.writer();
    const fresh = tasks.slice(this.#used, (this.#used += count));
    if (fresh.length < count) throw new Sentence(`The bench has ${TASKS} tasks; more are asked for.`);
    return fresh;
  }

  async end(): Promise<void> {
    this.crowd.end();
    await this.#writer?.then((writer) => writer.end()).catch(() => undefined);
    await this.#reference?.then((reference) => reference.end()).catch(() => undefined);
    await this.#stand?.then((stand) => stand.end()).catch(() => undefined);
  }
}
