// @vitest-environment happy-dom
import { cleanup, screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { show } from "@/components/testing";
import { fixtures } from "@/lib/api/fixtures";
import { newQueryClient } from "@/lib/query";

import { type TaskPage, taskListQuery } from "./queries";
import { TaskList } from "./task-list";
import { summary } from "./testing";

const get = vi.hoisted(() => vi.fn<() => Promise<unknown>>());

vi.mock("@/lib/api/browser", () => ({ api: { GET: get } }));
vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn<() => void>() }) }));

beforeEach(() => get.mockReset());
afterEach(cleanup);

function showPage(page: TaskPage, cursor: string | null = null) {
  const client = newQueryClient();
  client.setQueryData(taskListQuery(cursor).queryKey, page);
  return show(<TaskList cursor={cursor} />, client);
}

test("each task has its words, its state and its link", () => {
  showPage({
    items: [
      summary("1", { prompt: "One", status: "queued" }),
      summary("2", { prompt: "Two", status: "running" }),
      summary("3", { prompt: "Three", status: "completed", finished_at: "2026-01-01T00:00:09.200Z" }),
      summary("4", { prompt: "Four", status: "failed", error: { code: "rate_limited", detail: "Too many." } }),
      summary("5", { prompt: "Five", status: "cancelled" }),
    ],
    next_cursor: null,
  });

  const rows = screen.getAllByRole("listitem").map((row) => within(row).getByRole("link"));
  expect(rows.map((row) => row.getAttribute("href"))).toEqual([1, 2, 3, 4, 5].map((id) => `/tasks/${id}`));
  for (const [index, words] of [
    "OneQueued",
    "TwoWriting",
    "ThreeDone in 8.2 s",
    "FourFailed: rate limited",
    "FiveCancelled",
  ].entries())
    expect(rows[index]?.textContent).toContain(words);
});

test("what the server rendered is not asked for again", () => {
  showPage({ items: [summary("1", { status: "completed" })], next_cursor: null });

  expect(get).not.toHaveBeenCalled();
});

test("no tasks yet says what to do", () => {
  showPage({ items: [], next_cursor: null });

  expect(screen.getByText("Nothing here yet.")).toBeTruthy();
});

test("an address beyond the last page leads back", () => {
  showPage({ items: [], next_cursor: null }, "c9");

  expect(screen.getByRole("link", { name: "Back to the newest" }).getAttribute("href")).toBe("/tasks");
});

test("pages are addresses", () => {
  showPage({ items: [summary("1")], next_cursor: "a+b" }, "c1");

  expect(screen.getByRole("link", { name: "Older" }).getAttribute("href")).toBe("/tasks?cursor=a%2Bb");
  expect(screen.getByRole("link", { name: "Newest" }).getAttribute("href")).toBe("/tasks");
});

test("one page has no links to others", () => {
  showPage({ items: [summary("1")], next_cursor: null });

  expect(screen.queryByRole("navigation")).toBeNull();
});

test("a list that can't be read says so, and can be tried again", async () => {
  const refused = {
    error: { ...fixtures.ProblemDetails, detail: "The cursor is not one." },
    response: new Response(null, { status: 400 }),
  };
  get.mockResolvedValueOnce(refused);
  show(<TaskList cursor="x" />);
  expect((await screen.findByRole("alert")).textContent).toContain("The cursor is not one.");

  get.mockResolvedValue({
    data: { items: [summary("1", { prompt: "One" })], next_cursor: null },
    response: new Response(),
  });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByRole("link", { name: /^One/ })).toBeTruthy();
});
