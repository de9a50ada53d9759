import assert from "node:assert/strict";
import { test } from "node:test";

import { beyond, type Growth, type Part, slope } from "./growth.ts";
import { document, text } from "./page.ts";

const points = (of: (size: number) => number) => [1, 10, 100, 1_000, 10_000].map((size) => ({ size, value: of(size) }));
const near = (value: number, wanted: number) => assert.ok(Math.abs(value - wanted) < 0.01, `${value}, not ${wanted}`);

test("the slope of a power is its exponent", () => {
  near(slope(points(() => 7)), 0);
  near(slope(points((size) => 3 * size)), 1);
  near(slope(points((size) => size ** 2 / 5)), 2);
  near(slope(points((size) => 100 / size)), -1);
});

test("where it goes counts more than where it comes from", () => {
  assert.ok(slope(points((size) => 100 + size)) > 0.75);
});

test("one point has no slope, and a base is taken off", () => {
  assert.ok(Number.isNaN(slope([{ size: 1, value: 1 }])));
  near(
    slope(
      beyond(
        points((size) => 50 + 2 * size),
        50,
      ),
    ),
    1,
  );
});

const growth: Growth = { what: "Time <of> it", unit: "ms", expected: 0, points: points(() => 2) };
const part: Part = { id: "rows", title: "Rows", of: "rows", growths: [growth], notes: ["an index, not a scan"] };

test("text and page say every point, its slope and the expected one", () => {
  const said = text([part]);
  const page = document([part], "here, today");

  assert.match(said, /10,000\s+2\.00/);
  assert.match(said, /expected 0, found 0\.00/);
  assert.match(page, /Time &lt;of&gt; it/);
  assert.match(page, /found 0\.00/);
  assert.doesNotMatch(page, /NaN|undefined|<script|https?:/);
});
