// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { show } from "@/components/testing";
import { fixtures } from "@/lib/api/fixtures";

import { CancelButton } from "./cancel-button";
import { completed, running } from "./testing";

const post = vi.hoisted(() => vi.fn<() => Promise<unknown>>());

vi.mock("@/lib/api/browser", () => ({ api: { POST: post } }));

beforeEach(() => {
  post.mockReset().mockResolvedValue({ data: completed, response: new Response() });
});
afterEach(cleanup);

test("it asks before it cancels", async () => {
  show(<CancelButton id={running.id} />);
  await userEvent.click(screen.getByRole("button", { name: /Cancel/ }));
  expect(await screen.findByRole("alertdialog", { name: "Cancel this task?" })).toBeTruthy();
  expect(post).not.toHaveBeenCalled();

  await userEvent.click(screen.getByRole("button", { name: "Cancel task" }));

  await vi.waitFor(() => expect(post).toHaveBeenCalledOnce());
});

test("Esc asks, and Esc again keeps writing", async () => {
  show(<CancelButton id={running.id} />);
  await userEvent.keyboard("{Escape}");
  await screen.findByRole("alertdialog");

  await userEvent.keyboard("{Escape}");

  await vi.waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(post).not.toHaveBeenCalled();
});

test("a task that finished first is no failure", async () => {
  const problem = { ...fixtures.ProblemDetails, code: "already_finished" };
  post.mockResolvedValue({ error: problem, response: new Response(null, { status: 409 }) });
  show(<CancelButton id={running.id} />);
  await userEvent.keyboard("{Escape}");
  await userEvent.click(await screen.findByRole("button", { name: "Cancel task" }));

  await vi.waitFor(() => expect(post).toHaveBeenCalledOnce());
  expect(screen.queryByText("Try to cancel again")).toBeNull();
});
