// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { granted, refused, show } from "@/components/testing";
import { fixtures } from "@/lib/api/fixtures";

import { DeleteAccount } from "./delete-account";

const remove = vi.hoisted(() => vi.fn<(path: string, init: unknown) => Promise<unknown>>());
const assign = vi.fn<(path: string | URL) => void>();

vi.mock("@/lib/api/browser", () => ({ api: { DELETE: remove } }));

beforeEach(() => {
  remove.mockReset().mockResolvedValue(granted(undefined, 204));
  assign.mockReset();
  vi.spyOn(window.location, "assign").mockImplementation(assign);
});
afterEach(cleanup);

async function ask(password?: string) {
  if (password) await userEvent.type(screen.getByLabelText("Password"), password);
  await userEvent.click(screen.getByRole("button", { name: "Delete my account" }));
  return screen.findByRole("alertdialog", { name: "Delete your account for good?" });
}

test("nothing goes before the second yes", async () => {
  show(<DeleteAccount email="ada@example.com" providers={null} />);
  await ask("a long enough sentence");
  expect(remove).not.toHaveBeenCalled();

  await userEvent.click(screen.getByRole("button", { name: "Delete it for good" }));

  await vi.waitFor(() => expect(assign).toHaveBeenCalledWith("/"));
  expect(remove).toHaveBeenCalledExactlyOnceWith("/api/v1/me", { body: { password: "a long enough sentence" } });
});

test("keeping it keeps it", async () => {
  show(<DeleteAccount email="ada@example.com" providers={null} />);
  await ask("a long enough sentence");
  await userEvent.click(screen.getByRole("button", { name: "Keep it" }));

  await vi.waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(remove).not.toHaveBeenCalled();
});

test("a wrong password is told at its field", async () => {
  remove.mockResolvedValue(refused(403, "wrong_password", "This isn't your password."));
  show(<DeleteAccount email="ada@example.com" providers={null} />);
  await ask("not the password at all");
  await userEvent.click(screen.getByRole("button", { name: "Delete it for good" }));

  const message = await screen.findByText("This isn't your password.");
  expect(screen.getByLabelText("Password").getAttribute("aria-describedby")).toBe(message.id);
  expect(assign).not.toHaveBeenCalled();
});

test("without a password one signs in anew where one did before", async () => {
  remove.mockResolvedValue(refused(403, "fresh_sign_in_needed", "Sign in again first."));
  show(<DeleteAccount email="ada@example.com" providers={[fixtures.Identity]} />);
  expect(screen.getByRole("link", { name: "GitHub" }).getAttribute("href")).toContain("/auth/github/start?");
  await ask();
  await userEvent.click(screen.getByRole("button", { name: "Delete it for good" }));

  expect((await screen.findByRole("alert")).textContent).toBe("Sign in again first.");
  expect(remove).toHaveBeenCalledWith("/api/v1/me", { body: { password: null } });
});
