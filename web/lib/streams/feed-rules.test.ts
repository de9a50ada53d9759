import { expect, test } from "vitest";

import { RuledFeed } from "./feed-rules.ts";

type Event = Parameters<RuledFeed["judge"]>[0];

const created: Event = { type: "feed_created", task_id: "t", status: "queued", attempt: 0 };
const updated = (attempt: number): Event => ({ type: "feed_updated", task_id: "t", status: "running", attempt });
const finished: Event = { type: "feed_finished", task_id: "t", status: "completed", attempt: 2 };
const deleted: Event = { type: "feed_deleted", task_id: "t", status: "completed", attempt: 2 };

/** The events get the numbers after `head`, but for those that have one. */
function follow(...events: (Event | [Event, string | null])[]): RuledFeed {
  const feed = new RuledFeed();
  feed.connect("7");
  events.forEach((each, index) => {
    if (Array.isArray(each)) feed.judge(...each);
    else feed.judge(each, String(8 + index));
  });
  return feed;
}

test("a whole life passes, over two connections", () => {
  const feed = follow(created, updated(1));
  feed.connect("9");
  feed.judge(updated(2), "10");
  feed.judge(finished, "11");
  feed.judge(deleted, "12");

  expect(feed.tasks.get("t")).toEqual({ type: "feed_deleted", status: "completed", attempt: 2 });
});

test("a feed that can't go on begins with a reset, at the head", () => {
  const feed = follow(created);
  feed.connect("90");
  feed.judge({ type: "feed_reset" }, "90");
  feed.judge(finished, "91");

  expect(feed).toMatchObject({ resets: 1, cursor: "91" });
});

test("a feed that goes on elsewhere without a reset is refused", () => {
  const feed = follow(created);
  feed.connect("90");

  expect(() => feed.judge(updated(1), "91")).toThrow("begins with a reset");
});

const broken: Record<string, (Event | [Event, string | null])[]> = {
  "a hole": [created, [updated(1), "10"]],
  "a number twice": [created, [updated(1), "8"]],
  "an event without a cursor": [[created, null]],
  "a creation twice": [created, created],
  "an update that says nothing new": [created, updated(1), updated(1)],
  "an attempt that falls": [created, updated(2), updated(1)],
  "an update after the end": [created, updated(2), finished, updated(3)],
  "two endings": [created, updated(2), finished, finished],
  "something after a deletion": [created, deleted, finished],
  "an ending whose status is none": [created, { ...finished, status: "running" }],
  "a status that changes after the end": [created, updated(2), finished, { ...deleted, status: "cancelled" }],
};

test.each(Object.entries(broken))("the rules forbid %s", (_, events) => {
  expect(() => follow(...events)).toThrow("The contract is broken");
});
