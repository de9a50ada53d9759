import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";

import { guarded } from "./guarded.ts";
import { node } from "./paths.ts";
import { MARK, marked } from "./processes.ts";
import { until } from "./ready.ts";

const isGone = (stack: string) => until(async () => marked(stack).length === 0, { timeout: 10_000 });

test("a guarded child ends when it is asked to", async () => {
  const stack = `${import.meta.filename}:asked`;
  const child = guarded(["sleep", "600"], { env: { ...process.env, [MARK]: stack } });
  assert.ok(await until(async () => marked(stack).length > 1, { timeout: 10_000 }));

  await child.end();

  assert.ok(await isGone(stack));
});

test("a guarded child ends when its parent is killed", async () => {
  const stack = `${import.meta.filename}:killed`;
  const code = `import { guarded } from ${JSON.stringify(join(import.meta.dirname, "guarded.ts"))};
    guarded(["sleep", "600"], { env: { ...process.env, ${MARK}: ${JSON.stringify(stack)} } });`;
  const parent = spawn(node, ["--input-type=module", "-e", code]);
  assert.ok(await until(async () => marked(stack).length > 1, { timeout: 10_000 }));

  parent.kill("SIGKILL");
  await once(parent, "exit");

  assert.ok(await isGone(stack));
});
