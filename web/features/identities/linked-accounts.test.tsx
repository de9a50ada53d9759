// @vitest-environment happy-dom
import { cleanup, screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { granted, refused, show } from "@/components/testing";
import { fixtures } from "@/lib/api/fixtures";
import { newQueryClient } from "@/lib/query";

import { LinkedAccounts } from "./linked-accounts";
import { type Identity, identitiesQuery, providersQuery } from "./queries";

const { get, remove, address } = vi.hoisted(() => ({
  get: vi.fn<(path: string) => Promise<unknown>>(),
  remove: vi.fn<(path: string, init: unknown) => Promise<unknown>>(),
  address: { query: "" },
}));

vi.mock("@/lib/api/browser", () => ({ api: { GET: get, DELETE: remove } }));
vi.mock("next/navigation", () => ({ useSearchParams: () => new URLSearchParams(address.query) }));

const github = fixtures.Identity;
const google: Identity = { ...github, id: "2", provider: "google", name: "Google" };
const offered = [
  { id: "google", name: "Google" },
  { id: "github", name: "GitHub" },
];

beforeEach(() => {
  address.query = "";
  get.mockReset().mockResolvedValue(granted({ items: [], has_password: true }));
  remove.mockReset().mockResolvedValue(granted(undefined, 204));
});
afterEach(cleanup);

function section(items: Identity[], hasPassword = true, providers = offered) {
  const client = newQueryClient();
  client.setQueryData(identitiesQuery.queryKey, { items, has_password: hasPassword });
  client.setQueryData(providersQuery.queryKey, providers);
  show(
    <>
      <h1 tabIndex={-1}>Linked accounts</h1>
      <LinkedAccounts />
    </>,
    client,
  );
}

test("what isn't linked can be, by a way that leads through the provider", () => {
  section([github]);

  expect(screen.getByRole("link", { name: "Link Google" }).getAttribute("href")).toBe(
    "/api/v1/auth/google/start?link=1",
  );
  expect(screen.queryByRole("link", { name: "Link GitHub" })).toBeNull();
});

test("one is unlinked after a question", async () => {
  section([github]);
  await userEvent.click(screen.getByRole("button", { name: "Unlink GitHub" }));
  const dialog = await screen.findByRole("alertdialog");
  await userEvent.click(within(dialog).getByRole("button", { name: "Unlink" }));

  expect(remove).toHaveBeenCalledWith("/api/v1/me/identities/{id}", { params: { path: { id: github.id } } });
  expect(await screen.findByText("GitHub is unlinked.")).toBeTruthy();
  expect(await screen.findByText(/Nothing is linked/)).toBeTruthy();
  expect(document.activeElement?.textContent).toBe("Linked accounts");
});

test("the only way in has no button", () => {
  section([github], false);

  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.getByText("Your only way in")).toBeTruthy();
});

test("of two ways in each may go", () => {
  section([github, google], false);

  expect(screen.getAllByRole("button")).toHaveLength(2);
});

test("one that the site doesn't offer any more is no way in", () => {
  section([github, google], false, [{ id: "github", name: "GitHub" }]);

  expect(screen.getByRole("button", { name: "Unlink Google" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Unlink GitHub" })).toBeNull();
});

test("a refusal is told", async () => {
  remove.mockResolvedValue(refused(409, "last_way_in", "Nobody could sign in without it."));
  section([github]);
  await userEvent.click(screen.getByRole("button", { name: "Unlink GitHub" }));
  await userEvent.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Unlink" }));

  expect((await screen.findByRole("alert")).textContent).toContain("Nobody could sign in without it.");
});

test.for([
  ["linked=github", "status", "GitHub is linked"],
  ["error=identity_taken&provider=google", "alert", "That account at Google belongs to another account here"],
])("the way back with %s is told", ([query, role, words]) => {
  address.query = query!;
  section([github]);

  const said = screen.getAllByRole(role!).map(({ textContent }) => textContent);
  expect(said.join()).toContain(words);
});
