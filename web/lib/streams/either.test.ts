import { beforeEach, expect, test, vi } from "vitest";

import { openEither } from "./either";
import type { StreamState } from "./state";

interface Opened {
  name: "sse" | "socket";
  before: number;
  changed: (state: StreamState) => void;
  isOpen: boolean;
}

let opened: Opened[] = [];
let free = 0;
let held = 0;

beforeEach(() => {
  opened = [];
  [free, held] = [4, 0];
  // The browser's: a lock is held for as long as the promise of its callback lasts.
  vi.stubGlobal("navigator", {
    locks: {
      request: async (_: string, __: object, callback: (lock: object | null) => Promise<void> | undefined) => {
        if (free === 0) return callback(null);
        free--;
        held++;
        await callback({});
        held--;
      },
    },
  });
});

const way = (name: Opened["name"]) => (before: number, changed: Opened["changed"]) => {
  const mine: Opened = { name, before, changed, isOpen: true };
  opened.push(mine);
  return () => {
    mine.isOpen = false;
  };
};

function open() {
  const told: StreamState[] = [];
  const close = openEither({ sse: way("sse"), socket: way("socket") }, (state) => told.push(state));
  return { told, close };
}

const last = (number: number): Promise<Opened> =>
  vi.waitFor(() => {
    const found = opened[number - 1];
    if (!found) throw new Error(`nothing opened for the ${number}th time yet`);
    return found;
  });

const fail = (way: Opened, times: number) => {
  for (let failures = 1; failures <= times; failures++) way.changed({ name: "reconnecting", failures });
};

test("a tab with a place streams by a request of its own", async () => {
  const { told } = open();
  const way = await last(1);

  way.changed({ name: "connecting" });
  way.changed({ name: "live" });

  expect(way.name).toBe("sse");
  expect(told).toEqual([{ name: "connecting" }, { name: "live" }]);
});

test("a tab beyond the browser's places reads from the socket", async () => {
  free = 0;
  open();

  expect((await last(1)).name).toBe("socket");
});

test("where nothing counts the tabs the socket comes first", async () => {
  vi.stubGlobal("navigator", {});
  open();

  expect((await last(1)).name).toBe("socket");
});

test("a way that fails is left for the other, and the count and the wait go on", async () => {
  const { told } = open();
  fail(await last(1), 3);
  const socket = await last(2);

  socket.changed({ name: "connecting" });
  fail(socket, 3);
  const sse = await last(3);

  expect(opened.map(({ name, before }) => [name, before])).toEqual([
    ["sse", 0],
    ["socket", 3],
    ["sse", 6],
  ]);
  expect(opened.map(({ isOpen }) => isOpen)).toEqual([false, false, true]);
  expect(told.map((state) => state.name === "reconnecting" && state.failures)).toEqual([1, 2, 3, 4, 5, 6]);
  sse.changed({ name: "reconnecting", failures: 0 });
  expect(told.at(-1)).toEqual({ name: "reconnecting", failures: 0 });
});

test("a socket that is not back soon is left for a request at once", async () => {
  open();
  fail(await last(1), 3);

  (await last(2)).changed({ name: "reconnecting", failures: 4, isLong: true });

  expect((await last(3)).name).toBe("sse");
});

test("a socket that has failed for others for long is tried like any other: it may be back any moment", async () => {
  open();
  fail(await last(1), 3);
  const socket = await last(2);

  socket.changed({ name: "reconnecting", failures: 9 });
  socket.changed({ name: "live" });
  await new Promise((resolve) => setTimeout(resolve, 5));

  expect([socket.isOpen, opened.length]).toEqual([true, 2]);
});

test("without a place such a socket is stayed with: leaving it for itself would be a circle", async () => {
  free = 0;
  open();
  const way = await last(1);

  way.changed({ name: "reconnecting", failures: 4, isLong: true });
  await new Promise((resolve) => setTimeout(resolve, 5));

  expect([way.isOpen, opened.length]).toEqual([true, 1]);
});

test("failures between which there is progress change no way", async () => {
  open();
  const way = await last(1);

  for (let round = 0; round < 3; round++) {
    fail(way, 2);
    way.changed({ name: "reconnecting", failures: 0 });
  }

  expect(way.isOpen).toBe(true);
});

test("without a place a failing socket is not left for a request, until there is a place", async () => {
  free = 0;
  open();
  fail(await last(1), 3);
  const again = await last(2);
  free = 1;

  fail(again, 3);

  expect((await last(3)).name).toBe("sse");
  expect(again.name).toBe("socket");
});

test.for<StreamState>([{ name: "ended" }, { name: "refused", status: 404 }])(
  "$name is the end, and gives the place back",
  async (state) => {
    const { told } = open();
    const way = await last(1);

    way.changed(state);

    expect(told).toEqual([state]);
    await vi.waitFor(() => expect(held).toBe(0));
    expect([way.isOpen, opened.length]).toEqual([false, 1]);
  },
);

test("closed, the way is closed and the place is free", async () => {
  const { close } = open();
  const way = await last(1);

  close();

  expect(way.isOpen).toBe(false);
  await vi.waitFor(() => expect(held).toBe(0));
});

test("closed at once, nothing is opened and no place is kept", async () => {
  open().close();
  await new Promise((resolve) => setTimeout(resolve, 5));

  expect([opened.length, held]).toEqual([0, 0]);
});
