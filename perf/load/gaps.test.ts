import assert from "node:assert/strict";
import { test } from "node:test";

import { Gaps } from "./gaps.ts";

const snapshot = (text = "") =>
  ({ type: "snapshot", task_id: "t", status: "running", attempt: 1, progress: null, text }) as const;
const token = (offset: number, text = "a") => ({ type: "token", offset, text }) as const;
const update = { type: "task_update", status: "running", attempt: 1, progress: 0.5 } as const;
const finished = (length: number) =>
  ({ type: "task_finished", status: "cancelled", length, result: null, error: null }) as const;

function counted(...events: [Parameters<Gaps["take"]>[0], string | null][]): [number, number] {
  const gaps = new Gaps();
  for (const [event, cursor] of events) gaps.take(event, cursor);
  return [gaps.byCursor, gaps.byOffset];
}

test("a stream without holes has none, over heartbeats, snapshots and another attempt", () => {
  const none = counted(
    [snapshot(), "1-1"],
    [token(0, "ab"), "1-2"],
    [{ type: "heartbeat", at: "2026-01-01T00:00:00Z" }, null],
    [update, "1-3"],
    [snapshot("abcd"), "1-9"],
    [token(4), "1-10"],
    [{ type: "reset", reason: "new_attempt" }, null],
    [update, "2-1"],
    [token(0), "2-2"],
    [finished(1), `2-${2 ** 53 - 1}`],
  );

  assert.deepEqual(none, [0, 0]);
});

test("a lost event is a hole by its cursor, and by its offset when it had text", () => {
  assert.deepEqual(counted([snapshot(), "1-1"], [token(0), "1-3"]), [1, 0]);
  assert.deepEqual(counted([snapshot(), "1-1"], [token(1), "1-3"], [token(2), "1-4"]), [1, 1]);
  assert.deepEqual(counted([snapshot("a"), "1-1"], [finished(2), `1-${2 ** 53 - 1}`]), [0, 1]);
});
