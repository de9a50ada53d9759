import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { endLeftovers, MARK, marked } from "./processes.ts";

async function sleeper(t: TestContext, stack: string): Promise<ChildProcess> {
  // It says when it runs: until then its environment is still the one of the process it was forked from.
  const child = spawn("sh", ["-c", "echo; exec sleep 600"], { env: { ...process.env, [MARK]: stack }, detached: true });
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), "slipstream-test-"));

test("what an earlier start left is found by its mark and ended; another stack's is left alone", async (t) => {
  const folder = emptyFolder();
  const [ours, theirs] = [await sleeper(t, `${folder}:dev`), await sleeper(t, `${folder}:dev2`)];
  const gone = once(ours, "exit");

  assert.deepEqual(marked(`${folder}:dev`), [ours.pid]);
  assert.equal(await endLeftovers(`${folder}:dev`, folder), 1);

  await gone;
  assert.equal(theirs.exitCode, null);
  assert.deepEqual(marked(`${folder}:dev2`), [theirs.pid]);
});

test("a Postgres pid file that names a stranger by now is removed, and the stranger lives", async (t) => {
  const folder = emptyFolder();
  const stranger = await sleeper(t, "no stack");
  mkdirSync(join(folder, "postgres"));
  writeFileSync(join(folder, "postgres", "postmaster.pid"), `${stranger.pid}\n`);

  assert.equal(await endLeftovers(`${folder}:dev`, folder), 0);

  assert.equal(existsSync(join(folder, "postgres", "postmaster.pid")), false);
  assert.equal(stranger.exitCode, null);
});
