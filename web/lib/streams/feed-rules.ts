/** The contract's rules for the feed: dense, in order, nothing lost. Beside `rules.ts`, and shared by the same. */
import type { components } from "../api/schema.d.ts";
import { must } from "./must.ts";

type FeedEvent = components["schemas"]["FeedEvent"];
type FeedChange = Exclude<FeedEvent, { type: "feed_reset" }>;

/** What a follower of the feed knows of a task. */
export type Known = Pick<FeedChange, "type" | "status" | "attempt">;

const FINAL = new Set(["completed", "failed", "cancelled"]);
/** A task's life: what may come next to it. */
const NEXT: Record<FeedChange["type"], readonly FeedChange["type"][]> = {
  feed_created: ["feed_updated", "feed_finished", "feed_deleted"],
  feed_updated: ["feed_updated", "feed_finished", "feed_deleted"],
  feed_finished: ["feed_deleted"],
  feed_deleted: [],
};

/** A client that follows the feed over any number of connections, and insists on its rules. */
export class RuledFeed {
  /** Where the next connection goes on; null starts now. */
  cursor: string | null = null;
  readonly tasks = new Map<string, Known>();
  /** How often the list had to be read again. */
  resets = 0;

  /** The server said `subscribed`: it goes on after `cursor`. */
  connect(cursor: string | null): void {
    must(cursor !== null && /^(0|[1-9]\d*)$/.test(cursor), `a feed's cursor is a number: ${cursor}`);
    // Another place than ours is the head, and says that what lies between is gone: a reset has to follow.
    this.#resetDue = this.cursor !== null && this.cursor !== cursor;
    this.cursor = cursor;
  }
  #resetDue = false;

  /** Takes an event and the cursor that came with it. Throws when the contract forbids it here. */
  judge(event: FeedEvent, cursor: string | null): void {
    must(cursor !== null && this.cursor !== null, "an event of the feed has a cursor");
    if (event.type === "feed_reset") {
      this.#resetDue = false;
      this.resets++;
      this.tasks.clear();
    } else {
      must(!this.#resetDue, `a feed that goes on elsewhere begins with a reset, not with ${event.type}`);
      must(BigInt(cursor) === BigInt(this.cursor) + 1n, `the feed has no hole: ${cursor} after ${this.cursor}`);
      this.#change(event);
    }
    this.cursor = cursor;
  }

  #change({ type, task_id: id, status, attempt }: FeedChange): void {
    const known = this.tasks.get(id);
    if (known) {
      must(NEXT[known.type].includes(type), `${type} may follow ${known.type}`);
      must(attempt >= known.attempt, `attempts don't fall: ${attempt} after ${known.attempt}`);
      must(
        type !== "feed_updated" || status !== known.status || attempt !== known.attempt,
        "an update says something new",
      );
      must(!FINAL.has(known.status) || status === known.status, `${known.status} is final, not ${status}`);
    }
    if (type === "feed_created") must(status === "queued" && attempt === 0, "a task begins queued, before any attempt");
    if (type === "feed_updated") must(status === "running", `a task that goes on is running, not ${status}`);
    if (type === "feed_finished") must(FINAL.has(status), `what is finished isn't ${status}`);
    this.tasks.set(id, { type, status, attempt });
  }
}
