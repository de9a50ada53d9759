import * as fc from "fast-check";
import { expect, test } from "vitest";

import { ago, codePoints, duration, wait, words } from "./format";

test("code points are counted as Python counts them", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => codePoints(text) === Array.from(text).length));
  expect(codePoints("🔬é\ud83d")).toBe(3);
});

test.for([
  ["", 0],
  ["  one\n two ", 2],
] as const)("%j has %i words", ([text, count]) => {
  expect(words(text)).toBe(count);
});

test.for([
  ["2026-01-01T00:00:08.240Z", "8.2 s"],
  ["2026-01-01T00:03:20Z", "3 min 20 s"],
  ["2025-12-31T23:59:59Z", "0.0 s"],
])("until %s it took %s", ([to = "", said]) => {
  expect(duration("2026-01-01T00:00:00Z", to)).toBe(said);
});

test.for([
  [30_000, "just now"],
  [5 * 60_000, "5 min ago"],
  [3 * 3_600_000, "3 h ago"],
  [25 * 3_600_000, "yesterday"],
  [3 * 86_400_000, "3 days ago"],
  [40 * 86_400_000, "2026-01-01"],
] as const)("%i ms later it was %s", ([later, said]) => {
  expect(ago("2026-01-01T12:00:00Z", Date.parse("2026-01-01T12:00:00Z") + later)).toBe(said);
});

test.for([
  [0, "a second"],
  [20, "20 seconds"],
  [60, "a minute"],
  [61, "2 minutes"],
  [300, "5 minutes"],
  [3_600, "an hour"],
  [5_000, "2 hours"],
  [86_400, "a day"],
] as const)("%i s of waiting are %s", ([seconds, said]) => {
  expect(wait(seconds)).toBe(said);
});
