/** When all is over: what the readers have, and what the feed said, is compared with the rows. */
import { isDeepStrictEqual } from "node:util";

import type { RuledFeed } from "../../web/lib/streams/feed-rules.ts";
import type { Ledger } from "./ledger.ts";
import type { Life } from "./life.ts";
import type { Task } from "./member.ts";

export interface Tally {
  acknowledged: number;
  lost: number;
  /** Failed, but only since every attempt was cut off. */
  exhausted: number;
  cancelled: number;
  deleted: number;
  twoEndings: number;
}

export async function judge(
  lives: readonly Life[],
  ledger: Ledger,
): Promise<{ tally: Tally; rows: Map<string, Task> }> {
  const tally: Tally = { acknowledged: 0, lost: 0, exhausted: 0, cancelled: 0, deleted: 0, twoEndings: 0 };
  const rows = new Map<string, Task>();
  for (const life of lives) {
    const row = await life.member.task(life.id);
    if (row) rows.set(life.id, row);
    tally.acknowledged++;
    if (row?.status === "cancelled") tally.cancelled++;
    if (row?.error?.code === "attempts_exhausted") tally.exhausted++;
    if (row === null && life.deleted !== "no") tally.deleted++;
    for (const loss of losses(life, row)) {
      tally.lost++;
      ledger.violation(life.id, loss);
    }
    judgeReaders(life, row);
    const endings = new Set(
      life.watchers.flatMap(({ judge }) => (judge.finished ? [JSON.stringify([judge.finished, judge.text])] : [])),
    );
    if (endings.size > 1) {
      tally.twoEndings++;
      ledger.violation(life.id, `one ending, not ${endings.size}`, [...endings]);
    }
  }
  return { tally, rows };
}

/** What became of a task must be what its owner was told, or nobody's wish at all. */
function losses(life: Life, row: Task | null): string[] {
  if (row === null) return life.deleted === "no" ? ["a task that was acknowledged is gone"] : [];
  if (life.deleted === "yes") return ["a task that was deleted is there"];
  if (row.finished_at === null) return [`a task comes to its end: it is ${row.status}`];
  if (life.cancelled === "yes" && row.status !== "cancelled") return [`a task that was cancelled is ${row.status}`];
  if (life.cancelled === "no" && row.status === "cancelled") return ["a task was cancelled by nobody"];
  if (row.status === "failed" && row.error?.code !== "attempts_exhausted") return [`a task failed: ${row.error?.code}`];
  return [];
}

function judgeReaders(life: Life, row: Task | null): void {
  for (const watcher of life.watchers) {
    const { judge } = watcher;
    if (watcher.over) continue; // told already
    if (watcher.gone || judge.ending === "task_missing") {
      if (life.deleted === "no") watcher.violation("a task that is there is missing");
    } else if (judge.finished && row) {
      const { status, result, error } = judge.finished;
      if (judge.text !== row.text)
        watcher.violation(`the text of ${judge.text.length} is the row's, ${row.text.length}`);
      if (status !== row.status) watcher.violation(`the ending (${status}) is the row's, ${row.status}`);
      if (!isDeepStrictEqual([result, error], [row.result, row.error]))
        watcher.violation("result and error are the row's");
    }
  }
}

/** What of the feed isn't what the rows are now; empty when they agree. */
export function feedFaults(feed: RuledFeed, lives: readonly Life[], rows: Map<string, Task>): string[] {
  const faults = feed.resets > 0 ? [`${feed.resets} feed_reset, and nothing was pruned`] : [];
  for (const { id } of lives) {
    const known = feed.tasks.get(id);
    const row = rows.get(id);
    if (!known) faults.push(`${id} isn't in the feed`);
    else if (!row && known.type !== "feed_deleted") faults.push(`${id} is deleted, and ${known.type} to the feed`);
    else if (row && (known.status !== row.status || known.attempt !== row.attempt))
      faults.push(`${id} is ${row.status} (${row.attempt}), and ${known.status} (${known.attempt}) to the feed`);
    else if (row && known.type !== "feed_finished") faults.push(`${id} is finished, and ${known.type} to the feed`);
  }
  return faults;
}
