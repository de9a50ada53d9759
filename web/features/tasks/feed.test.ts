import { expect, test } from "vitest";

import { type FeedChange, withChange, withEnding, withNew } from "./feed";
import { completed, summary } from "./testing";

const page = {
  items: [summary("3", { status: "queued", attempt: 0 }), summary("2"), summary("1", { status: "completed" })],
  next_cursor: "c",
};

const change = (fields: Partial<FeedChange>): FeedChange => ({
  type: "feed_updated",
  task_id: "3",
  status: "running",
  attempt: 1,
  ...fields,
});

test("a change of a row is in the row, and the others are the same", () => {
  const changed = withChange(page, change({}));

  expect(changed.items[0]).toEqual(summary("3", { status: "running", attempt: 1 }));
  expect(changed.items[1]).toBe(page.items[1]);
});

test.for([
  ["an ending", "2", "cancelled", 1],
  ["another attempt", "2", "running", 2],
] as const)("%s is later", ([, task_id, status, attempt]) => {
  const changed = withChange(page, change({ task_id, status, attempt }));

  expect(changed.items[1]).toMatchObject({ status, attempt });
});

test.for([
  ["what is known already", "2", "running", 1],
  ["what was before it", "2", "queued", 0],
  ["what was before its ending", "1", "running", 1],
  ["another page's task", "9", "running", 1],
] as const)("%s changes nothing", ([, task_id, status, attempt]) => {
  expect(withChange(page, change({ task_id, status, attempt }))).toBe(page);
});

test("a deleted task's row goes", () => {
  const changed = withChange(page, change({ type: "feed_deleted", task_id: "2" }));

  expect(changed.items.map(({ id }) => id)).toEqual(["3", "1"]);
  expect(withChange(changed, change({ type: "feed_deleted", task_id: "2" }))).toBe(changed);
});

test("a new task is on top, once, without its text, and no row falls off the end", () => {
  const { text: _, ...row } = { ...completed, id: "4" };

  const longer = withNew(page, { ...completed, id: "4" });

  expect(longer).toEqual({ items: [row, ...page.items], next_cursor: "c" });
  expect(withNew(longer, { ...completed, id: "4" })).toBe(longer);
});

test("an ended task's row says when, and carries no text", () => {
  const { text: _, ...row } = { ...completed, id: "2" };

  expect(withEnding(page, { ...completed, id: "2" }).items[1]).toEqual(row);
});
