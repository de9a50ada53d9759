import assert from "node:assert/strict";
import { test } from "node:test";

import { normal, random } from "./random.ts";
import { difference, mannWhitney, median, nextOf, percentile, sorted } from "./statistics.ts";

const drawn = (count: number, seed: number, mean = 100, deviation = 10): number[] => {
  const next = random(seed);
  return Array.from({ length: count }, () => mean + deviation * normal(next));
};

test("a percentile is the smallest sample that so many are not above", () => {
  assert.equal(percentile(sorted([5, 1, 4, 2, 3]), 50), 3);
  assert.equal(percentile(sorted([5, 1, 4, 2, 3]), 100), 5);
  assert.equal(median([1, 2, 3, 4]), 2);
});

test("what comes next is told from five values on, and hardly ever wrong", () => {
  assert.equal(nextOf([1, 2, 3, 4]), null);
  assert.deepEqual(nextOf([7, 7, 7, 7, 7]), { mean: 7, reach: 0 });
  const seeds = Array.from({ length: 2000 }, (_, index) => index);
  for (const length of [5, 8, 20]) {
    const surprised = seeds.filter((seed) => {
      const [next, ...series] = drawn(length + 1, seed);
      const { mean, reach } = nextOf(series)!;
      return next! - mean > reach;
    });
    assert.ok(surprised.length <= 8, `${surprised.length} of 2000 at ${length} runs`);
  }
});

test("Mann-Whitney is exact for few samples: five above five is one of 252 ways to deal them", () => {
  assert.equal(mannWhitney([6, 7, 8, 9, 10], [1, 2, 3, 4, 5]), 1 / 252);
  assert.equal(mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), 1);
});

test("ties say nothing", () => {
  assert.equal(mannWhitney([3, 3, 3], [3, 3, 3]), 1);
  assert.equal(mannWhitney(Array(100).fill(3), Array(100).fill(3)), 1);
});

test("of more samples Mann-Whitney is the normal curve's: z = (114 - 72 - 0.5) / sqrt(12 * 12 * 25 / 12)", () => {
  const smaller = [1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22];
  const larger = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 23, 24];
  assert.equal(larger.flatMap((a) => smaller.filter((b) => a > b)).length, 114);

  assert.ok(Math.abs(mannWhitney(larger, smaller) - 0.00829) < 1e-5);
});

test("of a hundred pairs of the same kind at most a few differ by one in a hundred", () => {
  const seeds = Array.from({ length: 100 }, (_, index) => index);
  const few = seeds.filter((seed) => mannWhitney(drawn(5, seed), drawn(5, seed + 1000)) < 0.01);
  const many = seeds.filter((seed) => mannWhitney(drawn(200, seed), drawn(200, seed + 1000)) < 0.01);
  const tails = seeds.filter(
    (seed) => difference(drawn(400, seed), drawn(400, seed + 1000), { percentile: 95, certainty: 99 })[0] > 0,
  );

  for (const wrong of [few, many, tails]) assert.ok(wrong.length <= 4, `${wrong.length} of 100`);
});

test("the bootstrap finds a tail that grew under a median that stayed", () => {
  const before = drawn(1000, 1);
  const now = drawn(1000, 2).map((sample, index) => (index % 20 === 0 ? sample + 60 : sample));

  const [least, most] = difference(now, before, { percentile: 99, certainty: 99 });

  assert.ok(least > 20 && most < 90, `${least} to ${most}`);
  const [, ofMedian] = difference(now, before, { percentile: 50, certainty: 99 });
  assert.ok(ofMedian < 6);
});
