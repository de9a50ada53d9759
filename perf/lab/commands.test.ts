// The lab's commands as make calls them: what they say, and what they end with.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import { madeUp } from "./lib/made-up.ts";
import type { Run } from "./lib/run.ts";

function lab(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const env = { ...process.env, ARCHIVE: join(folder, "archive"), LATEST: join(folder, "latest.json") };
  return {
    archived: () => readdirSync(env.ARCHIVE),
    measured: (run: Run) => writeFileSync(env.LATEST, JSON.stringify(run)),
    run: (command: string, more: Record<string, string> = {}) => {
      const script = join(import.meta.dirname, `${command}.ts`);
      const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
        env: { ...env, ...more },
        encoding: "utf8",
      });
      return { status, said: stdout + stderr };
    },
  };
}

test("without a run there is nothing to keep or to compare", (t) => {
  const { run } = lab(t);

  const { status, said } = run("trend");

  assert.equal(status, 1);
  assert.match(said, /no run to look at .* make perf/);
});

test("a first run has nothing to be compared with: a failure, unless it is said to be the first", (t) => {
  const { measured, run } = lab(t);
  measured(madeUp(1));

  const { status, said } = run("trend");

  assert.equal(status, 1);
  assert.match(said, /Nothing to compare with/);
  assert.equal(run("trend", { FIRST: "1" }).status, 0);
});

test("a regression fails until it is accepted, and is no base while it isn't", (t) => {
  const { archived, measured, run } = lab(t);
  measured(madeUp(1));
  run("archive");
  measured(madeUp(2, { append: 2 }));
  assert.match(run("archive").said, /append regressed/);
  measured(madeUp(3, { append: 2 }));

  const { status, said } = run("trend");

  assert.equal(status, 1);
  assert.match(said, /not measured: append \(regressed\)/);
  assert.equal(run("archive", { ACCEPT: "paint" }).status, 1);
  assert.match(run("archive", { ACCEPT: "append" }).said, /append accepted/);
  measured(madeUp(4, { append: 2 }));
  assert.equal(run("trend").status, 0);
  assert.equal(archived().length, 3);
});

test("the archive is bounded", (t) => {
  const { archived, measured, run } = lab(t);
  for (const number of [1, 2]) {
    measured(madeUp(number));
    run("archive", { KEEP: "1" });
  }

  assert.equal(archived().length, 1);
  assert.match(run("archive", { KEEP: "none" }).said, /KEEP is a number/);
});
