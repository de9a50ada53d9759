import assert from "node:assert/strict";
import { test } from "node:test";

import { type Budget, chosen, judged, marginOf, mustBeMet, parseBudgets, percentile, readBudgets } from "./budgets.ts";

const row = {
  ...{ id: "latency", what: "Append to socket", unit: "ms", limit: 5, is: "at most", percentile: 99, samples: 3 },
  ...{ given: { tasks: 1 }, quick: { limit: 9, given: { tasks: 2 } }, command: "bench", why: "It is seen at once." },
};
const budget = (changed: Partial<Budget> = {}): Budget => ({ ...parseBudgets(JSON.stringify([row]))[0]!, ...changed });
const changed = (by: object) => () => parseBudgets(JSON.stringify([{ ...row, ...by }]));
const without = (field: string): string =>
  JSON.stringify([Object.fromEntries(Object.entries(row).filter(([name]) => name !== field))]);

test("the committed budgets can be read", () => {
  assert.ok(readBudgets().length > 0);
});

test("a row without one of its fields is refused", () => {
  for (const field of ["id", "what", "unit", "limit", "is", "samples", "given", "command", "why"])
    assert.throws(() => parseBudgets(without(field)), new RegExp(`must have required property '${field}'`), field);
});

test("a row with an unknown or a wrong field is refused, and an id that comes twice", () => {
  assert.throws(changed({ limits: 5 }), /budget latency: there is no field limits/);
  assert.throws(changed({ limit: "5" }), /budget latency, limit: must be number/);
  assert.throws(changed({ why: " " }), /latency, why/);
  assert.throws(changed({ samples: 0.5 }), /latency, samples/);
  assert.throws(changed({ given: { tasks: "1" } }), /latency, given, tasks/);
  assert.throws(changed({ quick: { is: "at least" } }), /latency, quick: there is no field is/);
  assert.throws(changed({ least: { limit: 1 } }), /latency, least: there is no field limit/);
  assert.throws(() => parseBudgets("{}"), /must be array/);
  assert.throws(() => parseBudgets(JSON.stringify([row, row])), /twice/);
});

test("an unknown id or command is refused", () => {
  assert.throws(() => chosen([budget()], { size: "full", ids: ["latenci"] }), /no budget latenci: latency/);
  assert.throws(() => chosen([budget()], { size: "full", commands: ["benhc"] }), /no command benhc: bench/);
  const others = [budget(), budget({ id: "other", command: "another" })];
  assert.throws(() => chosen(others, { size: "full", commands: ["another"], ids: ["latency"] }), /no budget latency/);
});

test("quick changes what its row says, and leaves out the rows without it", () => {
  const rows = [budget(), budget({ id: "slow", quick: null })];

  const [quick, ...others] = chosen(rows, { size: "quick" });

  assert.deepEqual([quick?.limit, quick?.samples, quick?.given, others], [9, 3, { tasks: 2 }, []]);
  assert.throws(() => chosen(rows, { size: "quick", ids: ["slow"] }), /None of these/);
});

test("the least run is the row's own, else the quick one, else the whole", () => {
  const rows = [budget({ least: { samples: 1 } }), budget({ id: "quick" }), budget({ id: "whole", quick: null })];

  const least = chosen(rows, { size: "least" }).map(({ limit, samples, given }) => [limit, samples, given["tasks"]]);

  assert.deepEqual(least, [
    [5, 1, 1],
    [9, 3, 2],
    [5, 3, 1],
  ]);
});

test("a goal is met on its side of the limit and missed on the other", () => {
  assert.equal(judged(budget(), { samples: [1, 2, 5] }).failure, null);
  assert.equal(judged(budget(), { samples: [1, 2, 5.01] }).failure, "missed");
  assert.equal(judged(budget({ is: "at least" }), { samples: [1, 2, 4.99] }).failure, "missed");
  assert.equal(judged(budget({ is: "at least" }), { samples: [1, 2, 5] }).failure, null);
});

test("a missed goal ends a command, by its name", () => {
  const met = judged(budget(), { samples: [1, 2, 5] });

  mustBeMet([met]);
  assert.throws(() => mustBeMet([met, judged(budget(), undefined)]), /latency \(not measured\)/);
});

test("what was not measured, or not often enough, fails", () => {
  assert.equal(judged(budget(), undefined).failure, "not measured");
  assert.equal(judged(budget(), undefined, "no k6").failure, "not measured: no k6");
  assert.equal(judged(budget(), { samples: [1, 2] }).failure, "2 samples of 3");
  assert.equal(judged(budget(), { samples: [1, 2, NaN] }).failure, "not a number");
});

test("a margin is what is left to the limit, in percent of it", () => {
  assert.equal(marginOf(judged(budget(), { samples: [4, 4, 4] })), 20);
  assert.equal(marginOf(judged(budget({ is: "at least" }), { samples: [4, 4, 4] })), -20);
  assert.equal(marginOf(judged(budget(), undefined)), null);
});

test("a percentile is a sample that so many are not above", () => {
  const samples = Array.from({ length: 200 }, (_, index) => 200 - index);

  assert.deepEqual([percentile(samples, 50), percentile(samples, 99), percentile(samples, 100)], [100, 198, 200]);
  assert.equal(percentile([7], 1), 7);
});
