/** What a stream brought becomes the view, whichever way it came. */
import { type TaskEvent, parseTaskEvent } from "@/lib/streams/parse";
import { type Gap, type TaskView, advance, gap } from "@/lib/streams/reduce";
import type { Frame } from "@/lib/streams/sse";
import type { Verdict } from "@/lib/streams/state";

/** What came: null is what only a newer page knows, a gap what no page can use. */
export interface Received {
  event: TaskEvent | Gap | null;
  cursor: string | null;
}

export function read({ name, data, id }: Frame): Received {
  try {
    return { event: parseTaskEvent(name, data), cursor: id };
  } catch {
    return { event: gap, cursor: id };
  }
}

/** The view after what came, and what that means for the connection. */
export function take(view: TaskView, received: readonly Received[]): { view: TaskView; verdict: Verdict } {
  for (const { event, cursor } of received) {
    if (event === null) continue;
    const next = event === gap ? gap : advance(view, event, cursor);
    if (next === gap) return { view: { ...view, cursor: null }, verdict: "again" };
    view = next;
    if (view.ending !== null) return { view, verdict: "end" };
  }
  return { view, verdict: "more" };
}
