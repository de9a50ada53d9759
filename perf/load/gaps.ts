// What is missing in a stream, told by its cursors and by its offsets. Node and k6 run it as it is.
import type { components } from "../../web/lib/api/schema.d.ts";

type TaskEvent = components["schemas"]["TaskEvent"];

const ENDING = 2 ** 53 - 1;

/**
 * Counts holes. A cursor promises no more than to grow; our log numbers an attempt's entries without holes, so that
 * a number which is left out is an event that was lost on the way, even one that carries no text.
 */
export class Gaps {
  byCursor = 0;
  byOffset = 0;
  #attempt = 0;
  #seq: number | null = null;
  #length = 0;

  take(event: TaskEvent, cursor: string | null): void {
    if (event.type === "snapshot") this.#length = event.text.length;
    if (event.type === "reset") [this.#length, this.#seq] = [0, null];
    if (event.type === "token") {
      if (event.offset !== this.#length) this.byOffset++;
      this.#length = event.offset + event.text.length;
    }
    if (event.type === "task_finished" && event.length !== this.#length) this.byOffset++;
    if (cursor !== null) this.#move(event.type, cursor);
  }

  #move(type: TaskEvent["type"], cursor: string): void {
    const [attempt, seq] = cursor.split("-").map(Number) as [number, number];
    const follows = this.#seq === null || type === "snapshot" || seq === ENDING || seq === this.#next(attempt);
    if (!follows) this.byCursor++;
    [this.#attempt, this.#seq] = [attempt, seq];
  }

  #next(attempt: number): number {
    return attempt === this.#attempt ? this.#seq! + 1 : 1;
  }
}
