// @vitest-environment happy-dom
import { cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { useFollowEnd } from "./use-follow-end";

const scrolled = vi.fn<(options: ScrollToOptions) => void>();

/** A window of 800 pixels on a page of `height`, read from `top` on. */
function page(height: number, top: number) {
  vi.stubGlobal("innerHeight", 800);
  vi.stubGlobal("scrollY", top);
  vi.stubGlobal("scrollTo", scrolled);
  vi.spyOn(document.documentElement, "scrollHeight", "get").mockReturnValue(height);
}

beforeEach(() => scrolled.mockReset());
afterEach(cleanup);

function follow(growing = true) {
  const { rerender } = renderHook(({ text }) => useFollowEnd(text, growing), { initialProps: { text: "One" } });
  scrolled.mockReset();
  return () => rerender({ text: "One and two" });
}

test("at the end, the end is kept in sight", () => {
  page(2_000, 1_190);
  const grow = follow();
  page(2_100, 1_190);

  grow();

  expect(scrolled).toHaveBeenCalledWith({ top: 2_100 });
});

test("a reader who is further up stays there", () => {
  page(2_000, 600);

  follow()();

  expect(scrolled).not.toHaveBeenCalled();
});

test("scrolling up lets go", () => {
  page(2_000, 1_200);
  const grow = follow();
  page(2_000, 300);
  window.dispatchEvent(new Event("scroll"));
  grow();
  expect(scrolled).not.toHaveBeenCalled();
});

test("a finished text never moves the page", () => {
  page(2_000, 1_200);

  follow(false)();

  expect(scrolled).not.toHaveBeenCalled();
});
