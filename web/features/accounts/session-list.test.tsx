// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { granted, refused, show } from "@/components/testing";
import { fixtures } from "@/lib/api/fixtures";
import type { Schema } from "@/lib/api/types";
import { newQueryClient } from "@/lib/query";

import { sessionsQuery } from "./queries";
import { SessionList } from "./session-list";

const { get, remove } = vi.hoisted(() => ({
  get: vi.fn<(path: string) => Promise<unknown>>(),
  remove: vi.fn<(path: string, init: { params: { path: { id: string } } }) => Promise<unknown>>(),
}));

vi.mock("@/lib/api/browser", () => ({ api: { GET: get, DELETE: remove } }));

const here = { ...fixtures.Session, id: "s1", device: "Firefox on Linux", current: true };
const phone = { ...fixtures.Session, id: "s2", device: "Safari on iOS", current: false };
const work = { ...fixtures.Session, id: "s3", device: "Edge on Windows", current: false, address: "" };

beforeEach(() => {
  get.mockReset().mockResolvedValue(granted({ items: [here] }));
  remove.mockReset().mockResolvedValue(granted(undefined, 204));
});
afterEach(cleanup);

function list(...items: Schema<"Session">[]) {
  const client = newQueryClient();
  client.setQueryData(sessionsQuery.queryKey, { items });
  show(
    <>
      <h1 tabIndex={-1}>Sessions</h1>
      <SessionList />
    </>,
    client,
  );
}

const ended = () => remove.mock.calls.map(([, { params }]) => params.path.id);

test("the session that asks is marked, and has no button to end it", () => {
  list(here, phone);

  expect(screen.getAllByRole("button", { name: /^End the session/ }).map((button) => button.textContent)).toEqual([
    "End the session on Safari on iOS",
  ]);
  expect(screen.getByText("This session")).toBeTruthy();
});

test("one that is ended is told, and the focus stays on the page", async () => {
  list(here, phone);
  await userEvent.click(screen.getByRole("button", { name: "End the session on Safari on iOS" }));

  expect(await screen.findByText("The session on Safari on iOS has ended.")).toBeTruthy();
  expect(ended()).toEqual(["s2"]);
  expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
  await vi.waitFor(() => expect(screen.queryByText("Safari on iOS")).toBeNull());
});

test("all others are ended after a question, and never this one", async () => {
  list(here, phone, work);
  await userEvent.click(screen.getByRole("button", { name: "End all other sessions" }));
  expect(remove).not.toHaveBeenCalled();
  await userEvent.click(await screen.findByRole("button", { name: "End them" }));

  expect(await screen.findByText("All other sessions have ended.")).toBeTruthy();
  expect(ended()).toEqual(["s2", "s3"]);
});

test("what could not be ended says why, and is read again", async () => {
  remove.mockResolvedValue(refused(503, "unavailable", "Try again."));
  list(here, phone);
  await userEvent.click(screen.getByRole("button", { name: /^End the session/ }));

  expect((await screen.findByRole("alert")).textContent).toBe("Try again.");
  await vi.waitFor(() => expect(get).toHaveBeenCalled());
});
