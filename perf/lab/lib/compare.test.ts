import assert from "node:assert/strict";
import { test } from "node:test";

import { type Comparison, compared, type Kept } from "./compare.ts";
import { madeUp } from "./made-up.ts";
import type { Run } from "./run.ts";

const kept = (run: Run, moved: Kept["moved"] = {}): Kept => ({ run, moved });
const earlier = (count: number, planted: Record<string, number> = {}, from = 0): Kept[] =>
  Array.from({ length: count }, (_, index) => kept(madeUp(from + index, planted)));
const withGiven = (run: Run, given: Record<string, number>): Run => {
  for (const row of run.verdicts) row.given = given;
  return run;
};
const of = (found: readonly Comparison[], id: string): Comparison => found.find(({ row }) => row.id === id)!;
const verdicts = (found: readonly Comparison[]): Record<string, string> =>
  Object.fromEntries(found.map(({ row, verdict }) => [row.id, verdict]));
const all = (verdict: string): Record<string, string> => ({
  ...{ append: verdict, ratio: verdict, paint: verdict, image: verdict },
});

test("of a hundred runs like those before them, with four budgets each, at most one verdict is a false alarm", () => {
  const wrong = Array.from({ length: 100 }, (_, index) => madeUp(1000 + index)).flatMap((run) =>
    compared(run, earlier(10)).filter(({ verdict }) => verdict !== "same"),
  );

  assert.ok(wrong.length <= 1, wrong.map(({ row, worse, because }) => `${row.id} ${worse} ${because}`).join("\n"));
});

const PLANTED: [what: string, planted: Record<string, number>][] = [
  ["a tail that is a third longer", { append: 1.33 }],
  ["a ratio that lost a quarter", { ratio: 0.75 }],
  ["a page that paints a third later", { paint: 1.35 }],
  ["an image that grew by two megabytes, known by one sample", { image: 1.1 }],
];
for (const [what, planted] of PLANTED)
  test(`planted: ${what} has regressed, and nothing else has`, () => {
    const found = compared(madeUp(50, planted), earlier(10));

    const [id] = Object.keys(planted);
    assert.deepEqual(verdicts(found), { ...all("same"), [id!]: "regressed" });
    assert.ok(of(found, id!).worse! > 0.05);
  });

test("with one run before it only what is large counts, and a single sample says nothing", () => {
  const small = compared(madeUp(50, { append: 1.2, ratio: 0.85 }), earlier(1));
  const large = compared(madeUp(50, { append: 2, ratio: 0.5, paint: 2, image: 1.4 }), earlier(1));

  assert.deepEqual(verdicts(small), all("same"));
  assert.deepEqual(verdicts(large), { ...all("regressed"), image: "unclear" });
});

test("what runs of one commit differ by is no regression, however sure the samples are", () => {
  const levels = [1, 1.15, 0.9, 1.1, 0.95, 1.12, 0.92, 1.05];
  const shaky = levels.map((level, index) => kept(madeUp(index, { append: level })));

  const found = of(compared(madeUp(50, { append: 1.2 }), shaky), "append");

  assert.equal(found.verdict, "same");
  assert.match(found.because, /scatter of 8 runs/);
});

test("what became better is said, on either side of a limit", () => {
  const found = compared(madeUp(50, { append: 0.6, ratio: 1.5 }), earlier(10));

  assert.deepEqual(verdicts(found), { ...all("same"), append: "improved", ratio: "improved" });
  assert.ok(of(found, "ratio").worse! < -0.3);
});

test("a run that regressed or missed its limit is no base for the next", () => {
  const slow = madeUp(20, { append: 1.5 });
  const failed = madeUp(21, { append: 10 });

  const found = of(
    compared(madeUp(50, { append: 1.5 }), [...earlier(10), kept(slow, { append: "regressed" }), kept(failed)]),
    "append",
  );

  assert.equal(found.verdict, "regressed");
  assert.equal(found.base?.run.id, "run-9");
});

test("what was accepted is the base from then on", () => {
  const history = [...earlier(10), kept(madeUp(20, { image: 1.1 }), { image: "accepted" })];

  const found = of(compared(madeUp(50, { image: 1.1 }), history), "image");

  assert.equal(found.verdict, "same");
  assert.equal(found.base?.run.id, "run-20");
});

test("with what was accepted the series begins anew: the step to it doesn't hide the next", () => {
  const level = { image: 1.1 };
  const history = [...earlier(10), kept(madeUp(20, level), { image: "accepted" }), ...earlier(5, level, 21)];

  assert.equal(of(compared(madeUp(50, { image: 1.16 }), history), "image").verdict, "regressed");
});

test("runs that hardly differ don't make a step of samples that overlap", () => {
  const run = madeUp(50);
  const row = run.verdicts.find(({ id }) => id === "ratio")!;
  Object.assign(row, { samples: [30, 31, 32, 48, 49], measured: 32, failure: null });

  const found = of(compared(run, earlier(10)), "ratio");

  assert.equal(found.verdict, "same");
  assert.match(found.because, /Mann-Whitney p 0\.\d/);
});

test("only the same measurement on the same kind of machine is compared", () => {
  const run = madeUp(50);
  const others: Kept[] = [
    kept({ ...madeUp(1), machine: { ...run.machine, kind: "another" } }),
    kept({ ...madeUp(2), quick: true }),
    kept(withGiven(madeUp(3), { clients: 9 })),
    kept(run),
    kept(madeUp(60)),
  ];

  assert.deepEqual(verdicts(compared(run, others)), all("new"));
});

test("what wasn't measured is not the same as before", () => {
  const run = madeUp(50);
  run.verdicts[0] = { ...run.verdicts[0]!, samples: [], measured: null, failure: "not measured" };

  assert.equal(of(compared(run, earlier(10)), "append").verdict, "not measured");
});
