/** Where a task as the API tells it and its view as the stream builds it meet. */
import type { Schema } from "@/lib/api/types";
import type { TaskView } from "@/lib/streams/reduce";

type Task = Schema<"Task">;

function isFinished(task: Task): boolean {
  return task.finished_at !== null;
}

/** Where a page without anything better begins: no cursor, so the stream starts with a snapshot. */
export function viewOf(task: Task): TaskView {
  const { text, status, attempt, result, error } = task;
  return {
    text,
    cursor: null,
    status,
    attempt,
    progress: null,
    result,
    error,
    ending: isFinished(task) ? "finished" : null,
  };
}

/** A finished task is exact and final, wherever it was read. Anything else that a GET says is older than the stream. */
export function settle(view: TaskView, task: Task): TaskView {
  return view.ending === null && isFinished(task) ? viewOf(task) : view;
}

/** While no stream gets through, a GET may bring more text; the next stream then starts with a snapshot. */
export function adopt(view: TaskView, task: Task): TaskView {
  if (view.ending !== null) return view;
  const newer = task.attempt > view.attempt || (task.attempt === view.attempt && task.text.length > view.text.length);
  return newer || isFinished(task) ? viewOf(task) : view;
}
