import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";

import { ask, hold } from "./control.ts";
import { socketPath } from "./env.ts";
import { node } from "./paths.ts";

const answers = { status: async () => ({ services: [] }), stop: async () => undefined };

test("only one process holds a stack, and it answers", async (t) => {
  const path = socketPath(import.meta.filename, "one");
  const first = await hold(path, answers);
  t.after(() => first?.close());

  assert.equal(await hold(path, answers), null);
  assert.deepEqual(await ask(path, "status"), { pid: process.pid, services: [] });
});

test("the socket of a killed process is nobody's", async (t) => {
  const path = socketPath(import.meta.filename, "killed");
  const code = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  spawnSync(node, ["-e", code, path]);
  assert.ok(existsSync(path));

  assert.equal(await ask(path, "status"), null);
  const held = await hold(path, answers);
  t.after(() => held?.close());

  assert.notEqual(held, null);
});
