// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { show } from "@/components/testing";

import { Composer } from "./composer";
import { running } from "./testing";

const { post, push } = vi.hoisted(() => ({
  post: vi.fn<
    (path: string, init: { params: { header: Record<string, string> }; body: unknown }) => Promise<unknown>
  >(),
  push: vi.fn<(path: string) => void>(),
}));

vi.mock("@/lib/api/browser", () => ({ api: { POST: post } }));
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));

beforeEach(() => {
  post.mockReset().mockResolvedValue({ data: running, response: new Response() });
  push.mockReset();
});
afterEach(cleanup);

const input = () => screen.getByLabelText<HTMLTextAreaElement>("What do you want to build?");
const keys = () => post.mock.calls.map(([, { params }]) => params.header["Idempotency-Key"]);

test("Ctrl+Enter sends it and goes to the task", async () => {
  show(<Composer />);
  await userEvent.type(input(), "A thing{Control>}{Enter}{/Control}");

  await vi.waitFor(() => expect(push).toHaveBeenCalledWith(`/tasks/${running.id}`));
  expect(post.mock.calls[0]?.[1].body).toEqual({ prompt: "A thing", kind: "project_plan" });
});

test("Enter alone is a new line", async () => {
  show(<Composer />);
  await userEvent.type(input(), "A{Enter}thing");

  expect(input().value).toBe("A\nthing");
  expect(post).not.toHaveBeenCalled();
});

test("a blank prompt is not sent; the cursor goes to where it is missing", async () => {
  show(<Composer />);
  await userEvent.type(input(), "   ");
  await userEvent.click(screen.getByRole("button", { name: /^Start/ }));

  expect(post).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(input());
});

test("the counter counts code points, and says by how many it is too long", async () => {
  show(<Composer />);
  await userEvent.click(input());
  await userEvent.paste("🔬".repeat(8_000));
  expect(screen.getByText("8,000 of 8,000")).toBeTruthy();

  await userEvent.paste("ab");

  expect(screen.getByText("2 characters too long")).toBeTruthy();
  expect(input().getAttribute("aria-invalid")).toBe("true");
});

test("a failed try is said, keeps the words, and the next try has the same key", async () => {
  post.mockRejectedValueOnce(new TypeError("fetch failed"));
  show(<Composer />);
  await userEvent.type(input(), "A thing{Control>}{Enter}{/Control}");
  expect((await screen.findByRole("alert")).textContent).toContain("can't be reached");

  await userEvent.type(input(), "{Control>}{Enter}{/Control}");

  await vi.waitFor(() => expect(push).toHaveBeenCalled());
  expect(keys()[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys()[1]).toBe(keys()[0]);
});

test("other words are another submission", async () => {
  post.mockRejectedValueOnce(new TypeError("fetch failed"));
  show(<Composer />);
  await userEvent.type(input(), "A thing{Control>}{Enter}{/Control}");
  await screen.findByRole("alert");

  await userEvent.type(input(), "!{Control>}{Enter}{/Control}");

  await vi.waitFor(() => expect(push).toHaveBeenCalled());
  expect(keys()[1]).not.toBe(keys()[0]);
});

test("an example fills the field", async () => {
  show(<Composer />);
  await userEvent.click(screen.getByRole("button", { name: /fire station/ }));

  expect(input().value).toContain("fire station");
  expect(document.activeElement).toBe(input());
});
