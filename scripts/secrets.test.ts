import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { root } from "./lib/paths.ts";

/** A repository with our hook and scripts, where the rest of the hook's checks always pass. */
function repository(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-hook-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(root, "scripts"), join(folder, "scripts"), {
    recursive: true,
    filter: (file) => !file.endsWith("node_modules"),
  });
  for (const name of [".secretlintrc.json", ".secretlintignore"]) cpSync(join(root, name), join(folder, name));
  for (const name of ["node_modules", ".tools"]) symlinkSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, "scripts", "bootstrap"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(folder, "scripts", "check.ts"), "");
  const git = (...args: string[]) => {
    const identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "core.hooksPath=scripts/hooks"];
    return spawnSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" });
  };
  git("init", "--quiet");
  return { folder, git };
}

// Put together here, so that no scanner takes this file for the leak.
const planted = ["AKIA", "YTGHRKWNQ7PLX3DM"].join("");

test("a commit that holds a key is refused", (t) => {
  const { folder, git } = repository(t);
  writeFileSync(join(folder, "config.py"), `KEY = "${planted}"\n`);
  git("add", "config.py");

  const { status, stdout, stderr } = git("commit", "--quiet", "--message", "A key");

  assert.equal(status, 1);
  assert.match(stdout + stderr, /AWS/);
  assert.equal((stdout + stderr).includes(planted), false, "the key itself is masked");
});

test("a key that is staged is refused even when the file no longer holds it", (t) => {
  const { folder, git } = repository(t);
  writeFileSync(join(folder, "config.py"), `KEY = "${planted}"\n`);
  git("add", "config.py");
  writeFileSync(join(folder, "config.py"), "KEY = None\n");

  assert.equal(git("commit", "--quiet", "--message", "A key").status, 1);
});

test("a commit without a key passes", (t) => {
  const { folder, git } = repository(t);
  writeFileSync(join(folder, "config.py"), "KEY = None\n");
  git("add", "config.py");

  const { status, stderr } = git("commit", "--quiet", "--message", "No key");

  assert.equal(status, 0, stderr);
});
