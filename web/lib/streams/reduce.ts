/** The rules of the wire: pure, the same for SSE and WebSocket. Lengths are UTF-16 code units, as `String.length`. */
import type { Schema } from "../api/types";
import type { TaskEvent } from "./parse";

export interface TaskView {
  text: string;
  /** The last event that `text` accounts for; null asks for a snapshot. */
  cursor: string | null;
  status: Schema<"Task">["status"];
  attempt: number;
  progress: number | null;
  result: Schema<"Plan"> | null;
  error: Schema<"TaskError"> | null;
  ending: "finished" | "missing" | null;
}

/** Something is missing between what we have and what came: begin again from a snapshot. */
export const gap = Symbol("gap");
export type Gap = typeof gap;

/** The view after one event. */
export function reduce(view: TaskView, event: TaskEvent): TaskView | Gap {
  switch (event.type) {
    case "snapshot": {
      const { status, attempt, progress, text } = event;
      return { ...view, status, attempt, progress, text };
    }
    case "token":
      if (event.offset > view.text.length) return gap;
      return { ...view, text: view.text.slice(0, event.offset) + event.text };
    case "task_update": {
      const { status, attempt, progress } = event;
      return { ...view, status, attempt, progress };
    }
    case "reset":
      // Without a cursor: a connection that is lost right now must begin with a snapshot, not after the old text.
      return { ...view, text: "", progress: null, cursor: null };
    case "task_finished": {
      if (event.length !== view.text.length) return gap;
      const { status, result, error } = event;
      return { ...view, status, result, error, ending: "finished" };
    }
    case "task_missing":
      return { ...view, ending: "missing" };
    case "heartbeat":
      return view;
    default:
      return event satisfies never;
  }
}

/** The view after one frame; its id, where it has one, is where the next connection goes on. */
export function advance(view: TaskView, event: TaskEvent, id: string | null): TaskView | Gap {
  const next = reduce(view, event);
  return next === gap || id === null ? next : { ...next, cursor: id };
}
