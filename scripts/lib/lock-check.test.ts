import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { boundLines, missingPlatforms, unhashed } from "./lock-check.ts";
import { root } from "./paths.ts";

const bunLock = readFileSync(join(root, "bun.lock"), "utf8");
const folder = join(root, "api", "requirements");
const requirements = [
  ...readdirSync(folder).map((name) => join(folder, name)),
  join(root, "nginx", "acme", "requirements.txt"),
]
  .filter((path) => path.endsWith(".txt"))
  .map((path) => readFileSync(path, "utf8"));

test("bun.lock has every platform's package that a locked package names", () => {
  assert.deepEqual(missingPlatforms(bunLock), []);
});

test("a platform package that is not in the lock is found", () => {
  const without = bunLock
    .split("\n")
    .filter((line) => !line.trimStart().startsWith('"@next/swc-darwin-arm64":'))
    .join("\n");

  assert.deepEqual(missingPlatforms(without), ["next → @next/swc-darwin-arm64"]);
});

test("no lock names a registry, a folder or a link", () => {
  assert.deepEqual([bunLock, ...requirements].flatMap(boundLines), []);
});

test("a lock that names a registry is found", () => {
  assert.equal(boundLines("--index-url https://mirror.example/simple\nhttpx==1\n").length, 1);
  assert.equal(boundLines('"a": ["a@1.0.0", "https://mirror.example/a.tgz", {}, ""]').length, 1);
});

test("every Python requirement has a hash", () => {
  assert.equal(requirements.length, 6);
  assert.deepEqual(requirements.flatMap(unhashed), []);
});

test("a requirement without a hash is found", () => {
  assert.deepEqual(unhashed("a==1 \\\n    --hash=sha256:00\nb==2\n"), ["b==2"]);
});
