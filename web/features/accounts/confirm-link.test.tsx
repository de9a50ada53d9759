// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { granted, refused, show } from "@/components/testing";

import { VerifyEmail } from "./verify-email";

const post = vi.hoisted(() => vi.fn<(path: string, init: unknown) => Promise<unknown>>());

vi.mock("@/lib/api/browser", () => ({ api: { POST: post } }));
vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn<() => void>() }) }));

beforeEach(() => {
  post.mockReset().mockResolvedValue(granted(undefined, 204));
  window.history.replaceState(null, "", "/verify-email#token=s3cret");
});
afterEach(cleanup);

const confirm = () => screen.getByRole("button", { name: "Confirm my address" });

test("a link is spent by the button alone", async () => {
  show(<VerifyEmail />);
  await vi.waitFor(() => expect(confirm().hasAttribute("disabled")).toBe(false));
  expect(post).not.toHaveBeenCalled();

  await userEvent.click(confirm());

  expect(await screen.findByRole("heading", { name: "Your address is confirmed." })).toBe(document.activeElement);
  expect(post).toHaveBeenCalledExactlyOnceWith("/api/v1/auth/verify-email", { body: { token: "s3cret" } });
});

test("a link that is no good any more says so, and where another comes from", async () => {
  post.mockResolvedValue(refused(410, "link_expired", "The link has expired."));
  show(<VerifyEmail />);
  await userEvent.click(confirm());

  expect((await screen.findByRole("alert")).textContent).toBe("The link has expired.");
  expect(screen.getByRole("button", { name: "Send another link" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Confirm my address" })).toBeNull();
});

test("what may pass leaves the link as it is", async () => {
  post.mockResolvedValueOnce(refused(503, "unavailable", "Try again."));
  show(<VerifyEmail />);
  await userEvent.click(confirm());
  await screen.findByRole("alert");

  await userEvent.click(confirm());

  expect(await screen.findByRole("heading", { name: "Your address is confirmed." })).toBeTruthy();
});

test("without the link there is nothing to confirm", async () => {
  window.history.replaceState(null, "", "/verify-email");
  show(<VerifyEmail />);

  expect(await screen.findByText(/This page belongs to a link in a mail/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Confirm my address" })).toBeNull();
});
