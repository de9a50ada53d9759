import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { appEnv, type Ports } from "./env.ts";
import { freePorts } from "./ports.ts";
import { commandOf, isAlive, marked } from "./processes.ts";
import { until } from "./ready.ts";
import { newSecrets } from "./secrets.ts";
import type { Name } from "./services.ts";
import { Stack } from "./stack.ts";

async function plan(t: TestContext, mode = 0o711) {
  // A space and a percent sign: both have a meaning to the supervisor.
  const folder = mkdtempSync(join(tmpdir(), "slipstream 100% "));
  chmodSync(folder, mode);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [web, api, postgres, valkey] = await freePorts(4);
  const ports = { web, api, postgres, valkey } as Ports;
  const secrets = newSecrets();
  return { folder, ports, secrets, env: appEnv({ ENVIRONMENT: "test" }, ports, secrets), mode: "production" as const };
}

async function started(t: TestContext, names: Name[], using?: Awaited<ReturnType<typeof plan>>) {
  const with_ = using ?? (await plan(t));
  const stack = new Stack(`${with_.folder}:test`, with_, names, {});
  t.after(() => stack.stop());
  await stack.clear();
  await stack.start(() => undefined);
  return { stack, plan: with_ };
}

async function pidOf(stack: Stack, name: Name): Promise<number | null> {
  const { services } = await stack.status();
  const service = services.find((each) => each.name === name);
  return service?.ready ? service.pid : null;
}

test("a service that is killed ten times in a row is running again each time", async (t) => {
  const { stack } = await started(t, ["valkey"]);

  for (let kill = 0; kill < 10; kill++) {
    const pid = (await pidOf(stack, "valkey"))!;
    process.kill(pid, "SIGKILL");
    const isBack = async () => ![null, pid].includes(await pidOf(stack, "valkey"));
    assert.ok(await until(isBack, { timeout: 15_000 }), `after kill ${kill + 1}`);
  }
});

test("Postgres comes back after a kill of its main process", async (t) => {
  const { stack } = await started(t, ["postgres"]);
  const pid = (await pidOf(stack, "postgres"))!;

  process.kill(pid, "SIGKILL");

  assert.ok(await until(async () => ![null, pid].includes(await pidOf(stack, "postgres")), { timeout: 15_000 }));
});

test("Postgres runs in a folder that nobody else can enter, under root too", async (t) => {
  const { stack } = await started(t, ["postgres"], await plan(t, 0o700));

  assert.notEqual(await pidOf(stack, "postgres"), null);
});

test("after a kill of the supervisor the next start ends what was left and runs", async (t) => {
  const first = await started(t, ["postgres", "valkey"]);
  const pids = [await pidOf(first.stack, "postgres"), await pidOf(first.stack, "valkey")];
  const supervisor = marked(`${first.plan.folder}:test`).find(
    (pid) => !pids.includes(pid) && commandOf(pid).includes("supervisord"),
  );

  process.kill(supervisor!, "SIGKILL");
  const second = await started(t, ["postgres", "valkey"], first.plan);

  assert.deepEqual(
    pids.map((pid) => isAlive(pid!)),
    [false, false],
  );
  assert.notEqual(await pidOf(second.stack, "postgres"), null);
});

test("a service that is felled stays down until it is raised", async (t) => {
  const { stack } = await started(t, ["valkey"]);
  const pid = await pidOf(stack, "valkey");

  await stack.fell("valkey");

  assert.equal(isAlive(pid!), false);
  const { services } = await stack.status();
  assert.equal(services[0]?.state, "stopped");
  await stack.raise("valkey");
  assert.ok(await until(async () => ![null, pid].includes(await pidOf(stack, "valkey")), { timeout: 15_000 }));
});

test("several of a kind have numbers from 2 on, and APIs ports of their own", async (t) => {
  const more = { apis: [4321], workers: 2 };
  const stack = new Stack("x:test", { ...(await plan(t)), more }, ["api", "worker"], {});

  assert.deepEqual(
    stack.services.map(({ name }) => name),
    ["api", "api-2", "worker", "worker-2", "worker-3"],
  );
  assert.equal(stack.services[1]?.port, 4321);
  assert.equal(stack.services[1]?.program().env?.["API_PORT"], "4321");
});

test("a stop ends every process of the stack", async (t) => {
  const { stack, plan: used } = await started(t, ["postgres", "valkey"]);
  const pids = [await pidOf(stack, "postgres"), await pidOf(stack, "valkey")];

  await stack.stop();

  assert.deepEqual(marked(`${used.folder}:test`), []);
  assert.deepEqual(
    pids.map((pid) => isAlive(pid!)),
    [false, false],
  );
});

test("a port in use is named with its variable, before anything starts", async (t) => {
  const using = await plan(t);
  const stranger = createServer().listen(using.ports.valkey, "127.0.0.1");
  t.after(() => stranger.close());
  const stack = new Stack(`${using.folder}:test`, using, ["valkey"], {});

  await assert.rejects(() => stack.clear(), new RegExp(`Port ${using.ports.valkey}.*valkey.*VALKEY_PORT=`));
});

test("a URL that is set keeps its server from being started", async (t) => {
  const stack = new Stack("x:test", await plan(t), ["postgres", "valkey"], {
    DATABASE_URL: "postgresql://db/app",
    REDIS_URL: "redis://cache",
  });

  assert.deepEqual(stack.services, []);
  assert.deepEqual(
    (await stack.status()).services.map(({ state }) => state),
    ["external", "external"],
  );
});
