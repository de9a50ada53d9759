// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { StrictMode } from "react";
import { afterEach, expect, test, vi } from "vitest";

import { DesignPage } from "./design-page";
import { done, failure, fakeApi, refused, streamOf, token, whole } from "./testing";

const { search } = vi.hoisted(() => ({ search: { now: "" } }));

vi.mock("@/lib/api/browser", async () => ({ api: (await import("./testing")).api }));
vi.mock("next/navigation", () => ({
  usePathname: () => "/design",
  useSearchParams: () => new URLSearchParams(search.now),
}));

afterEach(() => {
  cleanup();
  search.now = "";
});

function show(allowed = true) {
  return render(
    <StrictMode>
      <DesignPage allowed={allowed} />
    </StrictMode>,
  );
}

async function ask(): Promise<void> {
  await userEvent.type(screen.getByLabelText("What do you want to design?"), "A thing{Control>}{Enter}{/Control}");
}

const state = () => screen.getByRole("status").textContent;

test("what is asked for is written to its end, by one request", async () => {
  const calls = fakeApi({ stream: streamOf([token(0, "# A title\n\n"), token(11, "and more"), done(19)]) });
  show();
  await ask();

  await vi.waitFor(() => expect(state()).toBe("Done"));
  expect(screen.getByRole("heading", { name: "A title" })).toBeTruthy();
  expect(screen.getByText("5 words")).toBeTruthy();
  expect(calls).toHaveLength(1);
});

test("on a small screen what is being written comes into sight, each time it begins", async () => {
  const brought = vi.spyOn(Element.prototype, "scrollIntoView");
  fakeApi({ stream: streamOf([token(0, "Some words"), done(10)]) });
  show();
  expect(brought).not.toHaveBeenCalled();

  await ask();
  await vi.waitFor(() => expect(state()).toBe("Done"));
  const first = brought.mock.calls.length;
  await userEvent.click(screen.getByRole("button", { name: "Write again" }));
  await vi.waitFor(() => expect(state()).toBe("Done"));

  expect(first).toBeGreaterThan(0);
  expect(brought.mock.calls.length).toBeGreaterThan(first);
  expect(brought.mock.contexts.at(-1)).toBe(screen.getByRole("region", { name: "The design" }));
});

test("Stop closes the connection and keeps what is there", async () => {
  const calls = fakeApi({ stream: streamOf([token(0, "Some words")], { open: true }) });
  show();
  await ask();
  await vi.waitFor(() => expect(state()).toBe("Writing"));

  await userEvent.click(screen.getByRole("button", { name: "Stop" }));

  expect(state()).toBe("Stopped");
  expect(calls[0]?.signal.aborted).toBe(true);
  expect(screen.getByText("Some words")).toBeTruthy();
});

test("leaving the page closes the connection, and no other follows", async () => {
  const calls = fakeApi({ stream: streamOf([token(0, "Some words")], { open: true }) });
  const { unmount } = show();
  await ask();
  await vi.waitFor(() => expect(state()).toBe("Writing"));

  unmount();

  await vi.waitFor(() => expect(calls[0]?.signal.aborted).toBe(true));
  expect(calls).toHaveLength(1);
});

test("nothing else can be asked while it is written", async () => {
  const calls = fakeApi({ stream: streamOf([token(0, "Some words")], { open: true }) });
  show();
  await ask();
  await vi.waitFor(() => expect(state()).toBe("Writing"));

  await userEvent.type(screen.getByRole("textbox"), "!{Control>}{Enter}{/Control}");

  expect(calls).toHaveLength(1);
});

test("a broken stream is said, and the whole text takes its place", async () => {
  fakeApi({ stream: streamOf([token(0, "Some words")]), whole: whole("All the words") });
  show();
  await ask();

  await vi.waitFor(() => expect(state()).toBe("Done"));
  expect(screen.getByText("All the words")).toBeTruthy();
  expect(screen.queryByText("Some words")).toBeNull();
  expect(screen.getByText(/this text was written anew/)).toBeTruthy();
});

test("a failure is said with what it was, and can be tried again", async () => {
  const calls = fakeApi({ stream: streamOf([token(0, "Some words"), failure("timeout")]) });
  show();
  await ask();

  expect((await screen.findByRole("alert")).textContent).toContain("Late.");
  expect(state()).toBe("Failed");
  expect(screen.getByText("Some words")).toBeTruthy();

  await userEvent.click(screen.getByRole("button", { name: "Write again" }));

  await vi.waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1]?.prompt).toBe("A thing");
});

test("who is signed out is shown the way in", async () => {
  fakeApi({ stream: refused(401, "unauthenticated") });
  show();
  await ask();

  expect((await screen.findByRole("link", { name: "Sign in" })).getAttribute("href")).toBe("/sign-in?next=%2Fdesign");
});

test.for([
  ["by the page's address", "stream=off", true],
  ["for the site", "", false],
] as const)("switched off %s it never streams", async ([, address, allowed]) => {
  search.now = address;
  const calls = fakeApi({ whole: whole("All the words") });
  show(allowed);
  await ask();

  await vi.waitFor(() => expect(state()).toBe("Done"));
  expect(calls.map(({ path }) => path)).toEqual(["/api/design"]);
  expect(screen.queryByText(/didn't get through/)).toBeNull();
});

test("the switch is in the address", async () => {
  show();

  await userEvent.click(screen.getByRole("switch", { name: "Stream the text" }));

  expect(window.location.search).toBe("?stream=off");
});
