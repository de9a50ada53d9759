// @vitest-environment happy-dom
import { cleanup, screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { granted, refused, show } from "@/components/testing";
import { fixtures } from "@/lib/api/fixtures";
import { newQueryClient } from "@/lib/query";

import { KeysPanel } from "./keys-panel";
import { type ApiKey, apiKeysQuery } from "./queries";

const { get, post, remove } = vi.hoisted(() => ({
  get: vi.fn<(path: string) => Promise<unknown>>(),
  post: vi.fn<(path: string, init: unknown) => Promise<unknown>>(),
  remove: vi.fn<(path: string, init: unknown) => Promise<unknown>>(),
}));

vi.mock("@/lib/api/browser", () => ({ api: { GET: get, POST: post, DELETE: remove } }));

const made = { ...fixtures.NewApiKey, name: "Report", key: "slp_the-whole-of-it" };

beforeEach(() => {
  get.mockReset().mockResolvedValue(granted({ items: [] }));
  post.mockReset().mockResolvedValue(granted(made, 201));
  remove.mockReset().mockResolvedValue(granted(undefined, 204));
});
afterEach(cleanup);

function panel(...items: ApiKey[]) {
  const client = newQueryClient();
  client.setQueryData(apiKeysQuery.queryKey, { items });
  show(
    <>
      <h1 tabIndex={-1}>API keys</h1>
      <KeysPanel />
    </>,
    client,
  );
  return client;
}

test("a key is made for what was ticked, shown once, and gone when it is put away", async () => {
  const client = panel();
  await userEvent.type(screen.getByLabelText("Name"), "Report");
  await userEvent.click(screen.getByLabelText(/Read tasks/));
  await userEvent.selectOptions(screen.getByLabelText("Good for"), "No end");
  await userEvent.click(screen.getByRole("button", { name: "Make a key" }));

  const key = await screen.findByLabelText<HTMLInputElement>("Key");
  expect(key.value).toBe("slp_the-whole-of-it");
  expect(post).toHaveBeenCalledWith("/api/v1/api-keys", {
    body: { name: "Report", scopes: ["tasks:read"], expires_at: null },
  });
  expect(document.activeElement?.textContent).toContain("Report");
  await userEvent.click(screen.getByRole("button", { name: "I have it" }));

  expect(document.body.innerHTML).not.toContain("slp_the-whole");
  expect(
    JSON.stringify(
      client
        .getQueryCache()
        .getAll()
        .map(({ state }) => state),
    ),
  ).not.toContain("slp_the-whole");
  await vi.waitFor(() => expect(client.getMutationCache().getAll()).toEqual([]));
});

test("a key for nothing is refused at its scopes", async () => {
  const errors = [{ pointer: "/scopes", code: "too_short", message: "Choose what it may do." }];
  post.mockResolvedValue(refused(422, "invalid_body", "The body is not valid.", errors));
  panel();
  await userEvent.type(screen.getByLabelText("Name"), "Report");
  await userEvent.click(screen.getByRole("button", { name: "Make a key" }));

  const message = await screen.findByText("Choose what it may do.");
  const first = screen.getByLabelText(/Read tasks/);
  expect(first.getAttribute("aria-describedby")).toBe(message.id);
  expect(document.activeElement).toBe(first);
});

test("revoking asks first; the focus and the news outlive the row", async () => {
  panel({ ...fixtures.ApiKey, id: "k1", name: "Report" });
  await userEvent.click(screen.getByRole("button", { name: "Revoke the key Report" }));
  const dialog = await screen.findByRole("alertdialog", { name: "Revoke “Report”?" });
  expect(remove).not.toHaveBeenCalled();
  await userEvent.click(within(dialog).getByRole("button", { name: "Revoke key" }));

  expect(await screen.findByText("The key Report is revoked.")).toBeTruthy();
  expect(await screen.findByText("No keys yet.")).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
});
