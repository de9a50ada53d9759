// Real processes of a command that behaves as its rows are called.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { root } from "../../scripts/lib/paths.ts";
import type { Budget } from "./budgets.ts";
import { mustAgree, verdictsOf } from "./runner.ts";

const folder = mkdtempSync(join(tmpdir(), "commands-"));
after(() => rmSync(folder, { recursive: true }));

const url = (file: string): string => JSON.stringify(pathToFileURL(join(root, ...file.split("/"))).href);
writeFileSync(
  join(folder, "bench.ts"),
  `import { command } from ${url("perf/lib/command.ts")};
import { Sentence } from ${url("scripts/lib/errors.ts")};
const rows = {
  met: () => [1, 2, 3],
  few: () => [1, 2],
  lost: () => [1, NaN, 3],
  none: () => { throw new Sentence("the server died"); },
  slow: () => (globalThis.planted ? [9, 9, 9] : [1, 2, 3]),
  fatal: () => process.kill(process.pid, "SIGKILL"),
  endless: () => new Promise(() => setInterval(() => undefined, 1_000)),
};
await command({
  name: "bench",
  begin(planted) {
    globalThis.planted = planted;
    if (process.env.NO_ENGINE) throw new Sentence("no engine answers");
    return { planted, end: async () => undefined };
  },
  measures: Object.entries(rows).map(([id, samples]) => ({
    ids: [id],
    run: async () => ({ [id]: { samples: await samples() } }),
  })),
  fault: { kind: "delay", how: "", fails: ["slow"] },
});
`,
);
const budget = (id: string): Budget => ({
  ...{ id, what: id, unit: "ms", limit: 5, is: "at most", percentile: 50, samples: 3 },
  ...{ given: {}, quick: null, least: null, command: "bench", why: "A test." },
});
const failures = async (ids: string[], run: Parameters<typeof verdictsOf>[1] = {}) =>
  (await verdictsOf(ids.map(budget), { folder, ...run })).map(({ failure }) => failure);

test("a budget that nothing measures is refused, and a measurement without one", () => {
  const fault = { kind: "delay" as const, how: "", fails: ["met"] };
  const described = (changed: object = {}): Parameters<typeof mustAgree>[1] => [
    ["bench", { name: "bench", ids: ["met", "few"], fault, ...changed }],
  ];
  const rows = [budget("met"), budget("few")];

  mustAgree(rows, described());
  assert.throws(() => mustAgree([...rows, budget("new")], described()), /Nothing measures the budget new/);
  assert.throws(() => mustAgree([budget("met")], described()), /few, which is no budget of it/);
  assert.throws(() => mustAgree(rows, described({ name: "bnech" })), /calls itself bnech/);
  assert.throws(() => mustAgree(rows, described({ fault: { ...fault, fails: [] } })), /The fault of bench/);
  const homeless = { ...budget("new"), command: "new" };
  assert.throws(() => mustAgree([...rows, homeless], described()), /no perf.commands.new.ts/);
});

test("a row that fails leaves the others their verdicts", async () => {
  assert.deepEqual(await failures(["met", "few", "none"]), [null, "2 samples of 3", "not measured: the server died"]);
});

test("what is no number is told as that", async () => {
  const [verdict] = await verdictsOf([budget("lost")], { folder });

  assert.deepEqual([verdict?.samples, verdict?.failure], [[1, NaN, 3], "not a number"]);
});

test("a command that is killed has failed in all of its rows", async () => {
  const [met, fatal] = await failures(["met", "fatal"]);

  assert.match(met!, /the command ended with SIGKILL/);
  assert.match(fatal!, /not measured: the command ended with SIGKILL/);
});

test("a command that hangs is ended, and has failed", async () => {
  assert.deepEqual(await failures(["endless"], { patience: 1 }), ["not measured: it took more than 1 s"]);
});

test("where its environment is missing, nothing of a command is measured", async (context) => {
  process.env["NO_ENGINE"] = "1";
  context.after(() => delete process.env["NO_ENGINE"]);

  assert.deepEqual(await failures(["met", "few"]), [
    "not measured: no engine answers",
    "not measured: no engine answers",
  ]);
});

test("a fault reaches what is measured", async () => {
  assert.deepEqual([await failures(["slow"]), await failures(["slow"], { planted: true })], [[null], ["missed"]]);
});
