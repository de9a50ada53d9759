import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { subscribe } from "./lazy-socket";
import type { StreamState } from "./state";

const page = vi.hoisted(() => ({ isThere: true, readers: 0, closed: 0 }));

vi.mock("./page-socket", () => ({
  get pageSocket() {
    if (!page.isThere) throw new Error("The code can't be fetched.");
    return {
      subscribe: () => {
        page.readers++;
        return () => page.closed++;
      },
    };
  },
}));

let states: StreamState[] = [];
const open = () =>
  subscribe({ topic: "t", cursor: () => null, receive: () => "more", changed: (state) => states.push(state) });

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(page, { isThere: true, readers: 0, closed: 0 });
  states = [];
});
afterEach(() => vi.useRealTimers());

test("the topic is read when the socket's code is there, and closing closes it", async () => {
  const close = open();
  await vi.waitFor(() => expect(page.readers).toBe(1));

  close();

  expect(page.closed).toBe(1);
});

test("closed before that, nothing is read", async () => {
  open()();
  await vi.advanceTimersByTimeAsync(5_000);

  expect([page.readers, states]).toEqual([0, []]);
});

test("code that can't be fetched is a way that fails, and is fetched again", async () => {
  page.isThere = false;
  const close = open();
  await vi.waitFor(() => expect(states).toEqual([{ name: "reconnecting", failures: 1 }]));

  page.isThere = true;
  await vi.advanceTimersByTimeAsync(5_000);

  expect(page.readers).toBe(1);
  close();
});
