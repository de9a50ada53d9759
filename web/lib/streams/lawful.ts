/** What a server that keeps the contract may say, for properties: a task's history, and the connections that tell it. */
import * as fc from "fast-check";

import type { TaskEvent } from "./parse";

export interface Told {
  event: TaskEvent;
  id: string | null;
}

const ENDING = 2 ** 53 - 1;
const PLAN = { title: "", summary: "", stack: [], milestones: [], risks: [] };

/** One entry of the log, and the whole text when it was written. */
interface Entry {
  attempt: number;
  seq: number;
  event: TaskEvent;
  text: string;
}

export interface History {
  entries: Entry[];
  /** The text of the last attempt. */
  text: string;
  /** The task is deleted before it can end. */
  deleted: boolean;
}

/** What the server does on one connection, where the contract leaves it the choice. */
export interface Choices {
  /** How much more of the history happens before it answers, and while it tells, each as a part of what is left. */
  before: number;
  during: number;
  /** A snapshot although a replay would do; a reset although the place is known; straight to a later attempt. */
  snapshot: boolean;
  lost: boolean;
  jump: boolean;
  /** After this many entries some are left out, and a snapshot takes their place. */
  leap: { after: number; over: number } | null;
  heartbeats: boolean;
}

const piece = fc.string({
  unit: fc.oneof(fc.constantFrom("🔭", "𝔘", "é", "\n", "\u2028"), fc.string({ maxLength: 1 })),
});
const attempt = fc.array(fc.oneof({ weight: 4, arbitrary: piece.filter((text) => text !== "") }, fc.constant(null)), {
  maxLength: 12,
});

export const history: fc.Arbitrary<History> = fc
  .record({
    attempts: fc.array(attempt, { minLength: 1, maxLength: 4 }),
    status: fc.constantFrom("completed", "failed", "cancelled"),
    deleted: fc.boolean(),
  })
  .map(({ attempts, status, deleted }) => {
    const entries = attempts.flatMap((pieces, index) => written(index + 1, pieces));
    const { attempt, text } = entries.at(-1)!;
    const event: TaskEvent = {
      type: "task_finished",
      status,
      length: text.length,
      result: status === "completed" ? PLAN : null,
      error: status === "failed" ? { code: "internal_error", detail: "" } : null,
    };
    if (!deleted) entries.push({ attempt, seq: ENDING, event, text });
    return { entries, text, deleted };
  });

/** An attempt's entries: null is an update, the first is one always. */
function written(attempt: number, pieces: readonly (string | null)[]): Entry[] {
  let text = "";
  return [null, ...pieces].map((piece, index) => {
    const offset = text.length;
    text += piece ?? "";
    const event: TaskEvent =
      piece === null
        ? { type: "task_update", status: "running", attempt, progress: index === 0 ? null : index / 20 }
        : { type: "token", offset, text: piece };
    return { attempt, seq: index + 1, event, text };
  });
}

export const choices: fc.Arbitrary<Choices> = fc.record({
  before: fc.double({ min: 0, max: 1, noNaN: true }),
  during: fc.double({ min: 0, max: 1, noNaN: true }),
  snapshot: fc.boolean(),
  lost: fc.boolean(),
  jump: fc.boolean(),
  leap: fc.option(fc.record({ after: fc.nat(8), over: fc.integer({ min: 1, max: 8 }) })),
  heartbeats: fc.boolean(),
});

/** One connection to the end of what `choices` lets happen; `happened` counts the entries of the connections before. */
export class Server {
  readonly #history: History;
  #happened = 0;

  constructor(told: History) {
    this.#history = told;
  }

  /** All of it has happened, a deletion included. */
  end(): void {
    this.#happened = this.#history.entries.length;
  }

  *tell(cursor: string | null, choices: Choices): Generator<Told, void> {
    const { entries, deleted } = this.#history;
    const known = (this.#happened += Math.floor((entries.length - this.#happened) * choices.before));
    const until = (this.#happened += Math.floor((entries.length - known) * choices.during));
    let at = entries.findIndex((entry) => idOf(entry) === cursor) + 1; // how many entries the client accounts for
    let left: number | null = cursor === null ? null : (entries[at - 1]?.attempt ?? attemptOf(cursor));

    if (cursor === null || at === 0 || choices.snapshot || choices.lost || at > known) {
      const isLost = cursor !== null && choices.lost;
      if (isLost) yield reset("log_lost");
      yield* this.#snapshot(known, isLost ? null : left);
      left = entries[known - 1]?.attempt ?? 0;
      at = entries[known - 1]?.seq === ENDING ? known - 1 : known;
    }
    for (let step = 0; at < until; step += 1) {
      if (choices.heartbeats) yield { event: { type: "heartbeat", at: "2026-01-01T00:00:00Z" }, id: null };
      const { leap } = choices;
      if (leap && step === leap.after && at + leap.over < until) {
        at += leap.over;
        yield* this.#snapshot(at, left);
        left = entries[at - 1]?.attempt ?? 0;
      }
      if (choices.jump) at = Math.max(at, firstOf(entries, entries[until - 1]!.attempt));
      const entry = entries[at]!;
      if (entry.attempt !== left) yield reset("new_attempt");
      left = entry.attempt;
      yield { event: entry.event, id: idOf(entry) };
      at += 1;
    }
    if (deleted && until === entries.length) yield { event: { type: "task_missing", task_id: "t" }, id: null };
  }

  /** The text after so many entries; `left` is the attempt that the client comes from. */
  *#snapshot(known: number, left: number | null): Generator<Told, void> {
    const last = this.#history.entries[known - 1];
    const attempt = last?.attempt ?? 0;
    if (left !== null && left !== attempt) yield reset("new_attempt");
    const event: TaskEvent = {
      type: "snapshot",
      task_id: "t",
      status: attempt === 0 ? "queued" : "running",
      attempt,
      progress: null,
      text: last?.text ?? "",
    };
    yield { event, id: `${attempt}-${last?.seq === ENDING ? ENDING - 1 : (last?.seq ?? 0)}` };
  }
}

const idOf = ({ attempt, seq }: Entry): string => `${attempt}-${seq}`;
const attemptOf = (cursor: string): number => Number(cursor.split("-")[0]);
const firstOf = (entries: Entry[], attempt: number): number => entries.findIndex((entry) => entry.attempt === attempt);
const reset = (reason: "new_attempt" | "log_lost"): Told => ({ event: { type: "reset", reason }, id: null });
