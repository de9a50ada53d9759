import { expect, test } from "vitest";

import { killed, looked, nothingKnown, type Parts, wordsOf } from "./parts";

const seen = (name: "api" | "worker" | "valkey", pid: number | null, ready = true) => ({ name, pid, ready });
const all = (worker: ReturnType<typeof seen>) => [seen("api", 1), worker, seen("valkey", 3)];

const before = looked(nothingKnown, all(seen("worker", 2)), 0);
const kill = (parts: Parts, at: number): Parts => ({ ...parts, worker: killed(parts.worker, 2, at) });

test("a part is away from the kill until another process is ready", () => {
  let parts = kill(before, 1_000);
  expect(wordsOf(parts.worker)).toBe("down");

  parts = looked(parts, all(seen("worker", null, false)), 1_500);
  parts = looked(parts, all(seen("worker", 9, false)), 2_000);
  expect(wordsOf(parts.worker)).toBe("not ready");

  parts = looked(parts, all(seen("worker", 9)), 3_500);
  expect(wordsOf(parts.worker)).toBe("back after 2.5 s");
});

test("a killed process that the launcher still believes in is down all the same", () => {
  const parts = looked(kill(before, 1_000), all(seen("worker", 2)), 1_100);

  expect(wordsOf(parts.worker)).toBe("down");
});

test("a part that waited for another is up again with the process it had", () => {
  const waiting = looked(before, all(seen("worker", 2, false)), 1_000);
  const after = looked(waiting, all(seen("worker", 2)), 1_800);

  expect(wordsOf(waiting.worker)).toBe("not ready");
  expect(wordsOf(after.worker)).toBe("back after 0.8 s");
});

test("while the API doesn't answer nothing is claimed of the others", () => {
  const dark = looked(before, "no answer", 1_000);
  const light = looked(dark, all(seen("worker", 2)), 3_000);

  expect([dark.api, dark.worker, dark.valkey, dark.network].map(wordsOf)).toEqual([
    "down",
    "can't be asked",
    "can't be asked",
    "up",
  ]);
  expect([light.api, light.worker].map(wordsOf)).toEqual(["back after 2.0 s", "up"]);
});

test("an API without its launcher is up, and that is all that is known", () => {
  const parts = looked(nothingKnown, "silent", 0);

  expect([parts.api, parts.worker].map(wordsOf)).toEqual(["up", "can't be asked"]);
});

test("a server that somebody else runs is not ours", () => {
  const { valkey } = looked(nothingKnown, [seen("valkey", null)], 0);

  expect(wordsOf(valkey)).toBe("not ours");
});
