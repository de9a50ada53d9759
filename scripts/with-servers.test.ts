import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { node } from "./lib/paths.ts";
import { isListening } from "./lib/ports.ts";
import { until } from "./lib/ready.ts";

// Says where its servers are and which pid it has, then waits to be killed.
const COMMAND = 'echo "$DATABASE_URL $REDIS_URL $$"; exec sleep 600';

async function start() {
  const child = spawn(node, [join(import.meta.dirname, "with-servers.ts"), "--no-migrate", "--", "sh", "-c", COMMAND]);
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const [database, valkey, pid] = line.split(" ") as [string, string, string];
  const ports = [database, valkey].map((url) => Number(new URL(url).port));
  assert.deepEqual(await Promise.all(ports.map((port) => isListening(port))), [true, true]);
  return { child, ports, pid: Number(pid) };
}

const isQuiet = (ports: number[]) =>
  until(async () => (await Promise.all(ports.map((port) => isListening(port)))).every((up) => !up), {
    timeout: 15_000,
  });

test("the servers end when the command is killed, and its exit code says so", async () => {
  const { child, ports, pid } = await start();

  process.kill(pid, "SIGKILL");
  const [code] = await once(child, "exit");

  assert.equal(code, 128 + 9);
  assert.ok(await isQuiet(ports));
});

test("the servers end when with-servers itself is killed", async (t) => {
  const { child, ports, pid } = await start();
  t.after(() => process.kill(pid, "SIGKILL"));

  child.kill("SIGKILL");

  assert.ok(await isQuiet(ports));
});

test("the exit code is the command's", async () => {
  const child = spawn(node, [join(import.meta.dirname, "with-servers.ts"), "--no-migrate", "--", "sh", "-c", "exit 7"]);
  const [code] = await once(child, "exit");

  assert.equal(code, 7);
});
