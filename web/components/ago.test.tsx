// @vitest-environment happy-dom
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Ago } from "./ago";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});
afterEach(cleanup);

test("on a page that stays open time goes on", () => {
  vi.setSystemTime("2026-01-01T00:00:10Z");
  render(<Ago time="2026-01-01T00:00:00Z" />);
  expect(screen.getByRole("time").textContent).toBe("just now");

  act(() => void vi.advanceTimersByTime(5 * 60_000));

  expect(screen.getByRole("time").textContent).toBe("5 min ago");
});

test("gone, it counts no more", () => {
  render(<Ago time="2026-01-01T00:00:00Z" />).unmount();

  expect(vi.getTimerCount()).toBe(0);
});
