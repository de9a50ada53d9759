// Somebody whose tasks are asked for and watched, at a stack that writes them at a rate of our choice.
import { Sentence } from "../../scripts/lib/errors.ts";
import type { Context } from "../lib/command.ts";
import { type Member, Site } from "./site.ts";
import { Stream } from "./stream.ts";

/** The offline generator writes no less for a prompt: shorter texts are a setting of the whole stack. */
const SHORTEST = 300;
/** Tokens of a text that isn't to end while it is needed. */
const ENDLESS = 7_000;

interface Started {
  id: string;
  stream: Stream;
  reading: Promise<void>;
}

export class Rig implements Context {
  readonly planted: boolean;
  #site: Site | null = null;
  #member: Member | null = null;
  #settings = "";

  constructor(planted: boolean) {
    this.planted = planted;
  }

  /** From now on tasks are written at this rate, and those that ask for so many tokens get them. */
  async at(tokensPerSecond: number, tokens: number): Promise<void> {
    const set = {
      OFFLINE_TOKENS_PER_SECOND: String(tokensPerSecond),
      OFFLINE_TOKENS: String(tokens < SHORTEST ? tokens : 0),
    };
    if (this.#settings === JSON.stringify(set)) return;
    await this.end();
    this.#site = await Site.own(set);
    this.#settings = JSON.stringify(set);
    this.#member = await this.#site.register();
    await this.firstText(tokens); // the first one of new processes is no measure of the others
  }

  async end(): Promise<void> {
    this.#settings = "";
    await this.#site?.end();
    this.#site = null;
  }

  /** Seconds from the POST to the ending. Throws a sentence when that isn't the whole text, by every rule. */
  async finished(tokens: number): Promise<number> {
    const posted = performance.now();
    const { id, stream, reading } = await this.#ask(tokens);
    await reading;
    const task = await this.#owner.task(id);
    if (stream.broken !== null) throw new Sentence(stream.broken);
    if (task.status !== "completed" || task.text !== stream.reader.text)
      throw new Sentence(`The stream of a task that is ${task.status} isn't its text.`);
    await this.#site!.mustLive();
    return (stream.endedAt! - posted) / 1_000;
  }

  /** Milliseconds from the POST to the first text; then the task is cancelled. */
  async firstText(tokens: number): Promise<number> {
    const posted = performance.now();
    const started = await this.#ask(tokens);
    await started.stream.hasText;
    await this.cancel([started]);
    await this.#site!.mustLive();
    if (started.stream.firstText === null) throw new Sentence("A task ended without any text.");
    return started.stream.firstText - posted;
  }

  /** So many tasks, all of which write by then, and go on. */
  async start(count: number, tokens = ENDLESS): Promise<Started[]> {
    const started = await Promise.all(Array.from({ length: count }, () => this.#ask(tokens)));
    await Promise.all(started.map(({ stream }) => stream.hasText));
    return started;
  }

  /** Throws a sentence when one of them broke a rule, or is not running any more. */
  async cancel(tasks: readonly Started[]): Promise<void> {
    for (const { id } of tasks) await this.#owner.call("POST", `tasks/${id}/cancel`);
    await Promise.all(tasks.map(({ reading }) => reading));
    const broken = tasks.find(({ stream }) => stream.broken !== null);
    if (broken) throw new Sentence(broken.stream.broken!);
  }

  /** The worker stands still from now on, for so many milliseconds. */
  async holdWorker(ms: number): Promise<void> {
    const pid = await this.#site!.pid("worker");
    process.kill(pid, "SIGSTOP");
    setTimeout(() => process.kill(pid, "SIGCONT"), ms);
  }

  async #ask(tokens: number): Promise<Started> {
    const id = await this.#owner.create(tokens);
    const stream = new Stream(this.#owner.streamOf(id), this.#owner.headers);
    return { id, stream, reading: stream.run() };
  }

  get #owner(): Member {
    if (this.#member === null) throw new Error("there is no stack yet");
    return this.#member;
  }
}
