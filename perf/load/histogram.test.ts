import assert from "node:assert/strict";
import { test } from "node:test";

import { Histogram } from "./histogram.ts";

function of(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

test("a percentile is right within a tenth, by which buckets grow", () => {
  const histogram = of(Array.from({ length: 1_000 }, (_, index) => index + 1));

  for (const [part, exact] of [
    [1, 10],
    [50, 500],
    [99, 990],
  ] as const) {
    const said = histogram.percentile(part);
    assert.ok(said >= exact && said <= exact * 1.1, `p${part}: ${said}`);
  }
  assert.equal(histogram.percentile(100), 1_000);
});

test("two that are merged say what one would have said", () => {
  const merged = new Histogram(of([1, 2, 300]).told);
  merged.merge(of([0, 4, 5_000]).told);

  assert.deepEqual(merged.told, of([1, 2, 300, 0, 4, 5_000]).told);
  assert.equal(merged.count, 6);
});

test("of nothing there is no percentile", () => {
  assert.ok(Number.isNaN(of([]).percentile(50)));
});

test("people see a line for each doubling, and all that was counted", () => {
  const lines = of([0, 3, 3.5, 4, 900]).lines;

  assert.equal(lines.length, 3);
  assert.deepEqual(
    lines.map((line) => Number(line.trim().split(" ").at(-1))),
    [1, 3, 1],
  );
});
