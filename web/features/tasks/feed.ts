/** The list of tasks as the feed changes it. */
import type { FeedEvent } from "@/lib/streams/parse";

import type { Task, TaskPage, TaskSummary } from "./queries";

export type FeedChange = Exclude<FeedEvent, { type: "feed_reset" }>;

type Moment = Pick<TaskSummary, "status" | "attempt">;

const rank = { queued: 0, running: 1, completed: 2, failed: 2, cancelled: 2 } as const;

/** A task only goes forward, so a change that is replayed over a list read later is none. */
function isLater(change: Moment, row: Moment): boolean {
  if (change.attempt !== row.attempt) return change.attempt > row.attempt;
  return rank[change.status] > rank[row.status];
}

export function withChange(page: TaskPage, change: FeedChange): TaskPage {
  if (change.type === "feed_deleted") {
    const items = page.items.filter(({ id }) => id !== change.task_id);
    return items.length === page.items.length ? page : { ...page, items };
  }
  const { status, attempt } = change;
  return replaceRow(page, change.task_id, (row) => (isLater(change, row) ? { ...row, status, attempt } : row));
}

/** The newest page with a task that was just accepted on top. Its cursor stays right: no row leaves its end. */
export function withNew(page: TaskPage, task: Task): TaskPage {
  if (page.items.some(({ id }) => id === task.id)) return page;
  const { text: _, ...summary } = task;
  return { ...page, items: [summary, ...page.items] };
}

/** The row as the task is in the end, with its times and its error, which no event tells. */
export function withEnding(page: TaskPage, task: Task): TaskPage {
  const { text: _, ...summary } = task;
  return replaceRow(page, task.id, () => summary);
}

/** The same page when nothing in it changes: nobody renders for a row that is elsewhere. */
function replaceRow(page: TaskPage, id: string, change: (row: TaskSummary) => TaskSummary): TaskPage {
  const index = page.items.findIndex((row) => row.id === id);
  const row = page.items[index];
  if (!row) return page;
  const changed = change(row);
  return changed === row ? page : { ...page, items: page.items.with(index, changed) };
}
