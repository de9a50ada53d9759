/** The contract's rules for a task's stream, as a reader that throws on the first broken one. */
import type { components } from "../../web/lib/api/schema.d.ts";

type TaskEvent = components["schemas"]["TaskEvent"];

/** One frame as it came over the wire. */
export interface Frame {
  event: string | null;
  id: string | null;
  data: string[];
}

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
  cursor: string | null;
  ending: "task_finished" | "task_missing" | null = null;
  /** A reset was sent, and what follows it has not come yet. */
  #resetTo: "new_attempt" | "log_lost" | null = null;
  #frames = 0;
  #startedWithCursor = false;

  constructor(place: Place = { text: "", cursor: null }) {
    this.text = place.text;
    this.cursor = place.cursor;
  }

  get place(): Place {
    return { text: this.text, cursor: this.cursor };
  }

  /** A new connection begins; `usable` says whether the server can make something of our cursor. */
  connect(usable = this.cursor !== null): void {
    must(this.ending === null, "no connection after an ending");
    this.#frames = 0;
    this.#startedWithCursor = usable;
    if (!usable) this.cursor = null;
    this.#resetTo = null;
  }

  /** Takes a frame. Throws when the contract forbids it here. */
  take(frame: Frame): TaskEvent {
    must(this.ending === null, `nothing comes after ${this.ending}`);
    must(frame.data.length === 1, "data is one line");
    const event: TaskEvent = JSON.parse(frame.data[0]!);
    must(frame.event === event.type, `event (${frame.event}) is the type (${event.type})`);
    must(WITHOUT_ID.has(event.type) === (frame.id === null), `${event.type} has ${frame.id === null ? "no" : "an"} id`);
    if (this.#frames++ === 0 && !this.#startedWithCursor) {
      must(
        event.type === "snapshot" || event.type === "task_missing",
        `the first frame without a cursor is a snapshot, not ${event.type}`,
      );
    }
    if (frame.id !== null) this.#move(event, frame.id);
    this.#apply(event);
    return event;
  }

  #move(event: TaskEvent, id: string): void {
    const [attempt, seq] = parsed(id);
    if (this.cursor !== null && this.#resetTo !== "log_lost") {
      const [oldAttempt, oldSeq] = parsed(this.cursor);
      const grows =
        attempt > oldAttempt ||
        (attempt === oldAttempt && (seq > oldSeq || (event.type === "snapshot" && seq === oldSeq)));
      must(grows, `the cursor grows: ${id} after ${this.cursor}`);
      must(
        attempt === oldAttempt || this.#resetTo === "new_attempt",
        `another attempt (${id} after ${this.cursor}) begins with a reset`,
      );
    }
    must((seq === ENDING) === (event.type === "task_finished"), `only an ending has the last number: ${id}`);
    if ("attempt" in event) must(event.attempt === attempt, `attempt ${event.attempt} is in the cursor ${id}`);
    this.cursor = id;
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
        this.#resetTo = event.reason;
        break;
      case "task_finished":
        must(event.length === this.text.length, `length ${event.length} is the text's, ${this.text.length}`);
        must((event.result !== null) === (event.status === "completed"), "what is completed has a result");
        must((event.error !== null) === (event.status === "failed"), "what failed has an error");
        this.ending = event.type;
        break;
      case "task_missing":
        this.ending = event.type;
        break;
      case "task_update":
      case "heartbeat":
        break;
      default:
        throw new Error(`An unknown event: ${JSON.stringify(event satisfies never)}`);
    }
  }
}

function parsed(cursor: string): [attempt: number, seq: number] {
  const found = /^(0|[1-9]\d*)-(0|[1-9]\d*)$/.exec(cursor);
  must(found !== null, `${cursor} is a cursor`);
  return [Number(found[1]), Number(found[2])];
}

function must(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new Error(`The contract is broken: ${rule}.`);
}
