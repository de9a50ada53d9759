// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { granted, refused, show } from "@/components/testing";

import { DemoSignIn } from "./demo-sign-in";
import { RegisterForm } from "./register-form";
import { SignInForm } from "./sign-in-form";

const post = vi.hoisted(() => vi.fn<(path: string, init: unknown) => Promise<unknown>>());
const assign = vi.fn<(path: string | URL) => void>();

vi.mock("@/lib/api/browser", () => ({ api: { POST: post } }));
vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn<() => void>() }) }));

beforeEach(() => {
  post.mockReset().mockResolvedValue(granted({}));
  assign.mockReset();
  vi.spyOn(window.location, "assign").mockImplementation(assign);
});
afterEach(cleanup);

async function fillIn(values: Record<string, string>, submit: string) {
  for (const [label, value] of Object.entries(values)) await userEvent.type(screen.getByLabelText(label), value);
  await userEvent.click(screen.getByRole("button", { name: submit }));
}

test("signing in sends what was typed and goes on to where the visitor wanted", async () => {
  show(<SignInForm next="/tasks/1" />);
  await fillIn({ Email: "ada@example.com", Password: "a long enough sentence" }, "Sign in");

  await vi.waitFor(() => expect(assign).toHaveBeenCalledWith("/tasks/1"));
  expect(post).toHaveBeenCalledWith("/api/v1/auth/login", {
    body: { email: "ada@example.com", password: "a long enough sentence" },
  });
});

test("a refused sign-in says why", async () => {
  post.mockResolvedValue(refused(401, "invalid_credentials", "The address or the password is wrong."));
  show(<SignInForm next="/tasks" />);
  await fillIn({ Email: "ada@example.com", Password: "wrong" }, "Sign in");

  expect((await screen.findByRole("alert")).textContent).toBe("The address or the password is wrong.");
  expect(assign).not.toHaveBeenCalled();
});

test("what is limited says when another try makes sense", async () => {
  post.mockResolvedValue(refused(429, "rate_limited", "Too many tries.", undefined, { "retry-after": "290" }));
  show(<SignInForm next="/tasks" />);
  await fillIn({ Email: "ada@example.com", Password: "wrong" }, "Sign in");

  expect((await screen.findByRole("alert")).textContent).toBe("Too many tries.You can try again in 5 minutes.");
});

test("whose address waits to be confirmed is told where another link comes from", async () => {
  post.mockResolvedValue(refused(403, "email_unverified", "Confirm your address first."));
  show(<SignInForm next="/tasks" />);
  await fillIn({ Email: "ada@example.com", Password: "right" }, "Sign in");

  expect((await screen.findByRole("link", { name: "Have another one sent" })).getAttribute("href")).toBe(
    "/verify-email",
  );
});

test("a registration that is verified ends at the mailbox, not in a session", async () => {
  post.mockResolvedValue(granted({ email: "ada@example.com" }, 202));
  show(<RegisterForm next="/tasks" verified />);
  await fillIn({ Name: "Ada", Email: "Ada@example.com", Password: "a long enough sentence" }, "Create account");

  const outcome = await screen.findByRole("heading", { name: "Look into your mailbox." });
  expect(document.activeElement).toBe(outcome);
  expect(assign).not.toHaveBeenCalled();
  expect(screen.getByText("ada@example.com")).toBeTruthy();
});

test("an error of a field stands at the field, is read with it, and has the focus", async () => {
  const errors = [{ pointer: "/password", code: "common_password", message: "Too easy to guess" }];
  post.mockResolvedValue(refused(422, "invalid_body", "The body is not valid.", errors));
  show(<RegisterForm next="/tasks" verified={false} />);
  await fillIn({ Name: "Ada", Email: "ada@example.com", Password: "passwordpassword" }, "Create account");

  const message = await screen.findByText("Too easy to guess");
  const password = screen.getByLabelText("Password");
  expect(password.getAttribute("aria-invalid")).toBe("true");
  expect(password.getAttribute("aria-describedby")?.split(" ")).toContain(message.id);
  await vi.waitFor(() => expect(document.activeElement).toBe(password));
});

test("one click signs the demo user in", async () => {
  const user = { email: "demo@example.com", password: "slip into the stream" };
  show(<DemoSignIn user={user} next="/tasks" />);
  await userEvent.click(screen.getByRole("button", { name: "Sign in as the demo user" }));

  await vi.waitFor(() => expect(assign).toHaveBeenCalledWith("/tasks"));
  expect(post).toHaveBeenCalledWith("/api/v1/auth/login", { body: user });
});
