// @vitest-environment happy-dom
import { act, cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { show } from "@/components/testing";
import { fixtures } from "@/lib/api/fixtures";
import { newQueryClient } from "@/lib/query";
import type { FeedEvent } from "@/lib/streams/parse";
import type { StreamState } from "@/lib/streams/state";

import { type Task, type TaskSummary, taskListQuery, taskQuery } from "./queries";
import { TaskList } from "./task-list";
import { TaskNotices } from "./task-notices";
import { completed, running, summary } from "./testing";

interface FeedReader {
  cursor: () => string | null;
  subscribed: (cursor: string | null) => void;
  receive: (event: FeedEvent, cursor: string | null) => unknown;
  changed: (state: StreamState) => void;
}

const feed = vi.hoisted((): { readers: FeedReader[]; closed: number } => ({ readers: [], closed: 0 }));
const get = vi.hoisted(() => vi.fn<(path: string, options?: unknown) => Promise<unknown>>());
const place = vi.hoisted(() => ({ pathname: "/tasks" }));

vi.mock("@/lib/api/browser", () => ({ api: { GET: get } }));
vi.mock("@/lib/streams/page-socket", () => ({
  pageSocket: {
    subscribe: (reader: FeedReader) => {
      feed.readers.push(reader);
      return () => feed.closed++;
    },
  },
}));
vi.mock("next/navigation", () => ({
  usePathname: () => place.pathname,
  useRouter: () => ({ push: vi.fn<() => void>() }),
}));

const LIST = "/api/v1/tasks";
let items: TaskSummary[] = [];
let ended: Task = completed;

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  [feed.readers, feed.closed] = [[], 0];
  place.pathname = "/tasks";
  items = [summary("2"), summary(completed.id)];
  ended = completed;
  get.mockReset();
  get.mockImplementation((path) => {
    const data = path === LIST ? { items, next_cursor: null } : ended;
    return Promise.resolve({ data, response: new Response() });
  });
  return () => vi.useRealTimers();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const reads = () => get.mock.calls.filter(([path]) => path === LIST).length;
const rows = () => screen.getAllByRole("listitem").map(({ textContent }) => textContent);
const notices = () => screen.getByRole("region", { name: "Notices" });
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

/** A list that the server rendered, and its feed when it has begun. */
async function open() {
  const client = newQueryClient();
  client.setQueryData(taskListQuery(null).queryKey, { items, next_cursor: null });
  const shown = show(
    <>
      <TaskNotices />
      <TaskList cursor={null} />
    </>,
    client,
  );
  const reader = feed.readers[0];
  if (!reader) throw new Error("nobody reads the feed");
  act(() => reader.subscribed("7"));
  await pass(1_000);
  get.mockClear();
  let seq = 7;
  const say = async (event: FeedEvent) => {
    act(() => void reader.receive(event, String(++seq)));
    await pass(1_000);
  };
  return { ...shown, client, reader, say };
}

const updated = (task_id: string, status: TaskSummary["status"], attempt = 1): FeedEvent => ({
  type: "feed_updated",
  task_id,
  status,
  attempt,
});
const finished = (task_id: string, status: TaskSummary["status"] = "completed"): FeedEvent => ({
  type: "feed_finished",
  task_id,
  status,
  attempt: 1,
});

test("the list is read once when the feed begins, and not when it goes on", async () => {
  const { reader } = await open();
  items = [summary("3")];

  act(() => reader.subscribed("7"));
  await pass(1_000);

  expect(reads()).toBe(0);
  expect(reader.cursor()).toBe("7");
});

test("a change is in its row without a request", async () => {
  items = [summary("2", { status: "queued", attempt: 0 })];
  const { say, reader } = await open();

  await say(updated("2", "running"));

  expect(rows()[0]).toContain("Writing");
  expect(get).not.toHaveBeenCalled();
  expect(reader.cursor()).toBe("8");
});

test("tasks that are created together are read together", async () => {
  const { reader } = await open();
  items = [summary("4", { prompt: "Four" }), summary("3"), ...items];

  act(() => {
    reader.receive({ type: "feed_created", task_id: "3", status: "queued", attempt: 0 }, "8");
    reader.receive({ type: "feed_created", task_id: "4", status: "queued", attempt: 0 }, "9");
  });
  await pass(1_000);

  expect(rows()[0]).toContain("Four");
  expect(reads()).toBe(1);
});

test("after a reset the list is read again", async () => {
  const { say } = await open();

  await say({ type: "feed_reset" });

  expect(reads()).toBe(1);
});

test("a list that was on its way when something changed is read once more", async () => {
  const { reader, say } = await open();
  const answers: ((value: unknown) => void)[] = [];
  get.mockImplementationOnce(() => new Promise((resolve) => answers.push(resolve)));
  await say({ type: "feed_reset" });
  const before = { items: [summary("2")], next_cursor: null };
  items = [summary("2", { status: "cancelled" })];

  act(() => void reader.receive(finished("2", "cancelled"), "9"));
  answers[0]?.({ data: before, response: new Response() });
  await pass(1_000);

  expect(rows()[0]).toContain("Cancelled");
});

test("an ending is told with its link, and its row says how long it took", async () => {
  const { say } = await open();

  await say(finished(completed.id));

  expect(notices().textContent).toContain("Done in 8.2 s");
  expect(notices().querySelector("a")?.getAttribute("href")).toBe(`/tasks/${completed.id}`);
  expect(rows()[1]).toContain("Done in 8.2 s");
  expect(reads()).toBe(0);
});

test("a task that was being read as it ended is read again", async () => {
  const { say, client } = await open();
  const answers: ((value: unknown) => void)[] = [];
  get.mockImplementationOnce(() => new Promise((resolve) => answers.push(resolve)));
  void client.fetchQuery(taskQuery(completed.id));

  await say(finished(completed.id));
  answers[0]?.({ data: running, response: new Response() });
  await pass(1_000);

  expect(notices().textContent).toContain("Done in 8.2 s");
  expect(rows()[1]).toContain("Done in 8.2 s");
});

test("a list that was read before a change, and comes after it, is as the change says", async () => {
  const { say, client } = await open();
  await say(finished("2", "cancelled"));

  // The server's reading for a page that the visitor went to.
  act(() => void client.setQueryData(taskListQuery(null).queryKey, { items: [summary("2")], next_cursor: null }));
  await pass(0);

  expect(rows()[0]).toContain("Cancelled");
});

test("a list that has to be read again is not called fresh by a change in one of its rows", async () => {
  const { say, client } = await open();
  const elsewhere = taskListQuery("older").queryKey;
  client.setQueryData(elsewhere, { items: [summary("1", { status: "queued", attempt: 0 })], next_cursor: null });
  await say({ type: "feed_reset" });

  await say(updated("1", "running"));

  expect(client.getQueryState(elsewhere)).toMatchObject({
    isInvalidated: true,
    data: { items: [{ status: "running" }] },
  });
});

test("many endings at once are read one after the other", async () => {
  const { reader } = await open();
  const answers: ((value: unknown) => void)[] = [];
  get.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));

  act(() => {
    for (const id of ["a", "b", "c"]) reader.receive(finished(id), "9");
  });
  await pass(100);
  expect(answers).toHaveLength(1);

  answers[0]?.({ error: fixtures.ProblemDetails, response: new Response(null, { status: 404 }) });
  await pass(100);
  expect(answers).toHaveLength(2);
});

test("what one looks at is not told", async () => {
  place.pathname = `/tasks/${completed.id}`;
  const { say } = await open();

  await say(finished(completed.id));

  expect(notices().textContent).toBe("");
});

test("what was cancelled is not told", async () => {
  ended = { ...completed, status: "cancelled" };
  const { say } = await open();

  await say(finished(completed.id, "cancelled"));

  expect(notices().textContent).toBe("");
});

test("a notice goes by itself, a failure stays until it is dismissed", async () => {
  const { say } = await open();
  await say(finished(completed.id));
  await pass(20_000);
  expect(notices().textContent).toBe("");

  ended = { ...completed, id: "another", status: "failed", error: { code: "rate_limited", detail: "Too many." } };
  await say(finished("another", "failed"));
  await pass(60_000);
  expect(notices().textContent).toContain("Failed: rate limited");
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  await user.click(screen.getByRole("button", { name: "Dismiss the notice of A thing" }));

  expect(notices().textContent).toBe("");
});

test("what nobody could see yet doesn't go by itself", async () => {
  const { say } = await open();
  await say(finished(completed.id));

  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  await pass(40_000);

  expect(notices().textContent).toContain("Done");
});

test("without a socket the list is asked for, until there is one again", async () => {
  const { reader } = await open();

  act(() => reader.changed({ name: "reconnecting", failures: 3 }));
  await pass(20_000);
  expect(reads()).toBe(0);
  act(() => reader.changed({ name: "reconnecting", failures: 4 }));
  await pass(20_000);
  expect(reads()).toBeGreaterThan(2);

  act(() => reader.changed({ name: "live" }));
  get.mockClear();
  await pass(20_000);
  expect(reads()).toBe(0);
});

test("a hidden page gives its feed back, and shown again it goes on from the cursor", async () => {
  const { say } = await open();
  await say(updated("2", "running"));
  const look = vi.spyOn(document, "visibilityState", "get");

  look.mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(10_000);
  expect([feed.readers.length, feed.closed]).toEqual([1, 1]);
  look.mockReturnValue("visible");
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(0);

  expect(feed.readers[1]?.cursor()).toBe("8");
});

test("unmounting ends the feed", async () => {
  const { unmount } = await open();

  unmount();

  expect([feed.readers.length, feed.closed]).toEqual([1, 1]);
});
