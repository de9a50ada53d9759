import assert from "node:assert/strict";
import { test } from "node:test";

import { type Budget, judged } from "./budgets.ts";
import type { Fault } from "./command.ts";
import { provenByFault, provenByLimit, tightened } from "./proof.ts";

const budget: Budget = {
  ...{ id: "latency", what: "Latency", unit: "ms", limit: 5, is: "at most", percentile: 50, samples: 3 },
  ...{ given: {}, quick: null, least: null, command: "bench", why: "It is seen at once." },
};
const over = (samples: number[], of = budget) => judged(of, { samples });
const calm = over([1, 1, 1], tightened(budget));
const holeOf = (kind: Fault["kind"], planted: ReturnType<typeof judged>, before = calm) =>
  provenByFault({ kind, how: "", fails: ["latency"] }, budget, planted, before).hole;

test("a tightened limit is missed on both sides, by nothing and by less than nothing", () => {
  for (const is of ["at most", "at least"] as const)
    for (const sample of [-10, 0, 1e9])
      assert.equal(provenByLimit(over([sample, sample, sample], tightened({ ...budget, is }))).hole, null);
});

test("a row that isn't measured proves nothing of its limit", () => {
  assert.notEqual(provenByLimit(judged(tightened(budget), undefined, "no k6")).hole, null);
  assert.notEqual(provenByLimit(over([1, 1], tightened(budget))).hole, null);
});

test("a delay has to be what makes a budget missed", () => {
  assert.equal(holeOf("delay", over([9, 9, 9])), null);
  assert.match(holeOf("delay", over([1, 1, 1]))!, /unnoticed/);
  assert.match(holeOf("delay", judged(budget, undefined))!, /isn't measured/);
  assert.match(holeOf("delay", over([9, 9, 9]), over([9, 9, 9], tightened(budget)))!, /without the fault too/);
});

test("a dead server and missing samples leave a budget unmeasured, which it was not before", () => {
  for (const kind of ["dead server", "missing samples"] as const) {
    assert.equal(holeOf(kind, judged(budget, undefined, "the API died")), null);
    assert.equal(holeOf(kind, over([1, 1])), null);
    assert.match(holeOf(kind, over([9, 9, 9]))!, /not unmeasured/);
    assert.match(holeOf(kind, over([1, 1, 1]))!, /unnoticed/);
    assert.match(holeOf(kind, judged(budget, undefined), judged(budget, undefined, "no Docker"))!, /without the fault/);
  }
});
