/**
 * The contract's rules for a task's events, as a reader that throws on the first broken one. Tests, the chaos run and
 * the load client share it: Node runs it as it is, and no page imports it.
 */
import type { components } from "../api/schema.d.ts";
import type { Frame } from "./frames.ts";
import { must } from "./must.ts";

type TaskEvent = components["schemas"]["TaskEvent"];

const ENDING = 2 ** 53 - 1;
const WITHOUT_ID = new Set(["heartbeat", "reset", "task_missing"]);

/** What a client has at one moment: enough to go on from there on another connection. */
export interface Place {
  text: string;
  cursor: string | null;
}

/** A client that follows the rules over any number of connections, and insists on them. */
export class RuledReader {
  text: string;
  /** Where the next connection goes on; null asks for a snapshot. */
  cursor: string | null;
  ending: "task_finished" | "task_missing" | null = null;
  /** The ending's own words, by which two readers' endings are compared. */
  finished: Extract<TaskEvent, { type: "task_finished" }> | null = null;
  /** The highest place of this connection; survives a reset, which forgets `cursor`. */
  #at: string | null;
  /** A reset was sent, and what follows it has not come yet. */
  #resetTo: "new_attempt" | "log_lost" | null = null;
  #first = true;

  constructor(place: Place = { text: "", cursor: null }) {
    this.text = place.text;
    this.cursor = this.#at = place.cursor;
  }

  get place(): Place {
    return { text: this.text, cursor: this.cursor };
  }

  /** A new connection begins; `usable` says whether the server can make something of our cursor. */
  connect(usable = this.cursor !== null): void {
    must(this.ending === null, "no connection after an ending");
    if (!usable) this.cursor = null;
    this.#at = this.cursor;
    this.#first = this.cursor === null;
    this.#resetTo = null;
  }

  /** The server ended the connection in good order: the body's last chunk has come. */
  closed(retry: number | null): void {
    must(this.ending !== null || retry !== null, "a clean end without an ending says retry: first");
  }

  /** Takes a frame. Throws when the contract forbids it here. */
  take(frame: Frame): TaskEvent {
    must(frame.data.length === 1, "data is one line");
    const event: TaskEvent = JSON.parse(frame.data[0] ?? "");
    must(frame.event === event.type, `event (${frame.event}) is the type (${event.type})`);
    this.judge(event, frame.id);
    return event;
  }

  /** Takes an event and the cursor that came with it. Throws when the contract forbids it here. */
  judge(event: TaskEvent, id: string | null): void {
    must(this.ending === null, `nothing comes after ${this.ending}, not even ${event.type}`);
    must(WITHOUT_ID.has(event.type) === (id === null), `${event.type} has ${id === null ? "an" : "no"} id`);
    if (this.#first) {
      must(
        event.type === "snapshot" || event.type === "task_missing",
        `the first frame without a cursor is a snapshot, not ${event.type}`,
      );
    }
    this.#first = false;
    if (id !== null) this.#move(event, id);
    this.#apply(event);
  }

  #move(event: TaskEvent, id: string): void {
    const [attempt, seq] = parsed(id);
    if (this.#at !== null && this.#resetTo !== "log_lost") {
      const [oldAttempt, oldSeq] = parsed(this.#at);
      const grows =
        attempt > oldAttempt ||
        (attempt === oldAttempt && (seq > oldSeq || (event.type === "snapshot" && seq === oldSeq)));
      must(grows, `the cursor grows: ${id} after ${this.#at}`);
      must(
        attempt === oldAttempt || this.#resetTo === "new_attempt",
        `another attempt (${id} after ${this.#at}) begins with a reset`,
      );
    }
    must((seq === ENDING) === (event.type === "task_finished"), `only an ending has the last number: ${id}`);
    if ("attempt" in event) must(event.attempt === attempt, `attempt ${event.attempt} is in the cursor ${id}`);
    this.cursor = this.#at = id;
    this.#resetTo = null;
  }

  #apply(event: TaskEvent): void {
    switch (event.type) {
      case "snapshot":
        this.text = event.text;
        break;
      case "token":
        must(event.text !== "", "a token has text");
        must(
          event.offset === this.text.length,
          `offset ${event.offset} is the length of the text, ${this.text.length}`,
        );
        this.text += event.text;
        break;
      case "reset":
        this.text = "";
        this.cursor = null;
        this.#resetTo = event.reason;
        break;
      case "task_finished":
        must(event.length === this.text.length, `length ${event.length} is the text's, ${this.text.length}`);
        must((event.result !== null) === (event.status === "completed"), "what is completed has a result");
        must((event.error !== null) === (event.status === "failed"), "what failed has an error");
        this.ending = event.type;
        this.finished = event;
        break;
      case "task_missing":
        this.ending = event.type;
        break;
      case "task_update":
      case "heartbeat":
        break;
      default:
        must(false, `an event is known: ${JSON.stringify(event satisfies never)}`);
    }
  }
}

function parsed(cursor: string): [attempt: number, seq: number] {
  const found = /^(0|[1-9]\d*)-(0|[1-9]\d*)$/.exec(cursor);
  must(found !== null, `${cursor} is a cursor`);
  return [Number(found[1]), Number(found[2])];
}
