import { expect, test } from "vitest";

import { endOf } from "./expiry";

const now = Date.parse("2026-11-21T10:00:00Z");

test.for([
  ["30", "2026-12-21T10:00:00.000Z"],
  ["365", "2027-11-21T10:00:00.000Z"],
  ["", null],
  ["soon", null],
] as const)("%j days end at %j", ([days, end]) => {
  expect(endOf(days, now)).toBe(end);
});
