import assert from "node:assert/strict";
import { test } from "node:test";

import { blockedOf, shiftOf } from "./figures.ts";
import { longestGap } from "./watch.ts";

const seen = { submitted: 0, paints: [], done: 0, shifts: [], blocks: [], largest: 0, first: 100, answer: 0 };

const at = (...times: number[]) => times.map((time) => ({ at: time, value: 0.01 }));
const blocked = (...blocks: [at: number, length: number][]) =>
  blockedOf({ ...seen, blocks: blocks.map(([begin, length]) => ({ at: begin, for: length })) });

test("shifts count together while they follow each other within a second, for five at most", () => {
  assert.equal(shiftOf([]), 0);
  assert.equal(shiftOf(at(0, 900, 1_800)).toFixed(2), "0.03");
  assert.equal(shiftOf(at(0, 900, 2_000)).toFixed(2), "0.02");
  assert.equal(shiftOf(at(0, 900, 1_800, 2_700, 3_600, 4_500, 5_400)).toFixed(2), "0.06");
});

test("a task blocks by what it takes beyond 50 ms, after something was on the screen", () => {
  assert.equal(blocked([200, 60], [400, 90]), 50);
  assert.equal(blocked([0, 90]), 0);
  assert.equal(blocked([50, 150]), 50);
});

test("the longest gap is between two that follow each other", () => {
  assert.equal(longestGap([10, 20, 50, 60]), 30);
  assert.equal(longestGap([10]), 0);
});
