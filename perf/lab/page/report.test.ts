import assert from "node:assert/strict";
import { test } from "node:test";

import type { Kept } from "../lib/compare.ts";
import { madeUp } from "../lib/made-up.ts";
import { html } from "./frame.ts";
import { report } from "./report.ts";
import { bins, domain } from "./scale.ts";

const kept = (count: number): Kept[] =>
  Array.from({ length: count }, (_, index) => ({ run: madeUp(index), moved: {} }));

test("the page shows every budget, with its samples and its earlier runs", () => {
  const run = madeUp(50);

  const page = report(run, kept(10));

  for (const { id, what } of run.verdicts) {
    assert.match(page, new RegExp(`<article[^>]* id="${id}"`));
    assert.ok(page.includes(what));
  }
  assert.equal(page.match(/11 runs,/g)?.length, run.verdicts.length);
  assert.match(page, /All 4 budgets are kept/);
});

test("the page is complete in itself: no script, nothing fetched, no number that isn't one", () => {
  const page = report(madeUp(50, { append: 10 }), kept(10));

  assert.doesNotMatch(page, /<script|https?:|src=|@import|url\(|NaN|undefined|\[object/);
});

test("what failed is named at the top, and what isn't measured has no plot", () => {
  const run = madeUp(50, { ratio: 0.5 });
  run.verdicts[3] = { ...run.verdicts[3]!, samples: [], measured: null, failure: "not measured: no engine answers" };

  const page = report(run, []);

  assert.match(page, /2 of 4 budgets are kept/);
  assert.match(page, /No samples/);
  assert.match(page, /no engine answers/);
  assert.doesNotMatch(page, /NaN|undefined|Infinity/);
});

test("what comes from a run is written, not run", () => {
  const run = madeUp(50);
  run.verdicts[0] = { ...run.verdicts[0]!, note: '<img src=x onerror="alert(1)">' };

  assert.ok(report(run, []).includes("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"));
  assert.equal(html`<p title="${'"'}">${["a", html`<b>&</b>`, null, 1]}</p>`.text, '<p title="&quot;">a<b>&</b>1</p>');
});

test("a plot holds all samples, and the limit unless it dwarfs them", () => {
  assert.deepEqual(domain([3, 4], 6), { from: 3, to: 6, hasLimit: true });
  assert.deepEqual(domain([3, 4], 600), { from: 3, to: 4, hasLimit: false });
  assert.deepEqual(domain([4, 4], 4), { from: 3.6, to: 4.4, hasLimit: true });
  assert.deepEqual(domain([0], 0), { from: -1, to: 1, hasLimit: true });
  assert.deepEqual(bins([0, 1, 1, 9.9, 10], 0, 10, 5), [3, 0, 0, 0, 2]);
});
