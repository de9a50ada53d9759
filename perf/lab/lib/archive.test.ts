import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import { keep, nameOf, prune, readArchive } from "./archive.ts";
import { madeUp } from "./made-up.ts";

const folderOf = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), "archive-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
};
const kept = (number: number, planted = {}, moved = {}) => ({ run: madeUp(number, planted), moved });

test("a run comes back as it was kept, samples and all", (t) => {
  const folder = folderOf(t);
  const whole = { run: madeUp(1), moved: { append: "improved" as const } };

  keep(folder, whole);

  assert.deepEqual(readArchive(folder), [whole]);
});

test("runs of the same second and commit don't collide, and the same run is kept once", (t) => {
  const folder = folderOf(t);
  const { at, commit } = madeUp(1);
  const runs = [1, 2, 3].map((number) => ({ run: madeUp(number, {}, { at, commit }), moved: {} }));

  const files = [...runs, ...runs].map((each) => keep(folder, each).file);

  assert.equal(new Set(files).size, 3);
  assert.deepEqual(readdirSync(folder).length, 3);
});

test("what was noted about a run can be noted anew", (t) => {
  const folder = folderOf(t);
  keep(folder, kept(1, {}, { append: "regressed" }));

  assert.equal(keep(folder, kept(1, {}, { append: "accepted" })).isNew, false);
  keep(folder, kept(1, {}, { append: "accepted" }), true);

  assert.deepEqual(readArchive(folder), [kept(1, {}, { append: "accepted" })]);
});

test("the oldest go first, each kind of machine by itself", (t) => {
  const folder = folderOf(t);
  const other = madeUp(0, {}, { machine: { ...madeUp(0).machine, kind: "another" } });
  keep(folder, { run: other, moved: {} });
  for (const number of [1, 2, 3, 4, 5]) keep(folder, kept(number));

  prune(folder, 3);

  assert.deepEqual(
    readArchive(folder).map(({ run }) => run.id),
    ["run-0", "run-3", "run-4", "run-5"],
  );
});

test("the last good run outlives the failures after it", (t) => {
  const folder = folderOf(t);
  keep(folder, kept(1));
  for (const number of [2, 3, 4]) keep(folder, kept(number, { append: 10 }));
  for (const number of [5, 6]) keep(folder, kept(number, { append: 1.5 }, { append: "regressed" }));

  prune(folder, 2);

  assert.deepEqual(
    readArchive(folder).map(({ run }) => run.id),
    ["run-1", "run-6"],
  );
});

test("a damaged file is named, and other files are left alone", (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, "notes.txt"), "mine");
  assert.deepEqual(readArchive(folder), []);

  writeFileSync(join(folder, nameOf(madeUp(1))), "half of it");

  assert.throws(() => readArchive(folder), /damaged/);
  assert.ok(readdirSync(folder).includes("notes.txt"));
});
