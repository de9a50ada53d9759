import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, removalsOf } from "./guide.ts";

const FILE = "[first]\na\nb\n[second]\na\nb\n";

test("a line is added after its place, and another is taken out", () => {
  assert.equal(applied(FILE, " [second]\n+new\n-b\n"), "[first]\na\nb\n[second]\nnew\na\n");
});

test("a line that is there more than once is found after the one before it", () => {
  assert.equal(applied(FILE, " [first]\n-b\n [second]\n-a\n"), "[first]\na\n[second]\nb\n");
});

test("a line that isn't there, or could be meant elsewhere, is refused", () => {
  assert.throws(() => applied(FILE, "-c\n"), /isn't there/);
  assert.throws(() => applied(FILE, "-a\n"), /or not once/);
  assert.throws(() => applied(FILE, " [second]\n-[first]\n"), /isn't there/);
});

test("a removal has its paths and the changes up to the next", () => {
  const guide = [
    "```delete one\napi/one\nweb/one\n```",
    "```diff a.py\n-one\n```",
    "```delete two\napi/two\n```",
    "```diff b.py\n-two\n```\n",
  ].join("\n\n");

  assert.deepEqual(removalsOf(guide), [
    { feature: "one", paths: ["api/one", "web/one"], changes: [{ language: "diff", path: "a.py", text: "-one\n" }] },
    { feature: "two", paths: ["api/two"], changes: [{ language: "diff", path: "b.py", text: "-two\n" }] },
  ]);
});
