import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { appEnv, type Ports } from "./env.ts";
import { freePorts } from "./ports.ts";
import { marked } from "./processes.ts";
import { generatedFor, productionPlan } from "./production.ts";
import { notedReady, until } from "./ready.ts";
import { newSecrets } from "./secrets.ts";
import { Stack } from "./stack.ts";

const GIVEN = { DATABASE_URL: "postgresql://app:x@db/app", REDIS_URL: "redis://:x@cache/0" };

const names = (set: Record<string, string>): string[] => Object.keys(generatedFor(set)).toSorted();

test("a trial has all its secrets made up, servers of somebody's own have none", () => {
  const database = ["DATABASE_PASSWORD", "MIGRATION_DATABASE_PASSWORD", "POSTGRES_PASSWORD"];

  assert.deepEqual(names({}), [...database, "JWT_KEYS", "REDIS_PASSWORD", "SECRET_KEY"].toSorted());
  assert.deepEqual(names(GIVEN), []);
  assert.deepEqual(names({ DATABASE_URL_FILE: "/run/secrets/url", REDIS_URL: GIVEN.REDIS_URL }), []);
  assert.deepEqual(names({ REDIS_URL: GIVEN.REDIS_URL }), database);
  assert.deepEqual(names({ DATABASE_URL: GIVEN.DATABASE_URL }), ["REDIS_PASSWORD"]);
});

test("the plan is production whatever development's .env says, with at least two processes of the API", () => {
  const { env } = productionPlan({ ENVIRONMENT: "development", WEB_PORT: "4000" }, 1);

  assert.equal(env["ENVIRONMENT"], "production");
  assert.equal(env["SITE_URL"], "http://localhost:4000");
  assert.equal(env["NEXT_TELEMETRY_DISABLED"], "1");
  assert.equal(env["API_WORKERS"], "2");
  assert.equal(productionPlan({}, 32).env["API_WORKERS"], "4");
  assert.equal(productionPlan({ API_WORKERS: "1" }, 32).env["API_WORKERS"], "1");
});

test("WORKERS says how many workers there are, and what is no number is told", () => {
  assert.equal(productionPlan({ WORKERS: "3" }).more?.workers, 2);
  assert.throws(() => productionPlan({ WORKERS: "many" }), /WORKERS has to be a number.*"many"/);
});

test("a note counts when it says ok, is fresh and is the present process's", () => {
  const file = join(mkdtempSync(join(tmpdir(), "slipstream-test-")), "worker.health");
  const now = Date.now() / 1000;
  const write = (text: string, at = now) => {
    writeFileSync(file, text);
    utimesSync(file, at, at);
  };

  assert.equal(notedReady(file, now - 60), false, "none");
  write("12.5 ok\n");
  assert.equal(notedReady(file, now - 60), true);
  assert.equal(notedReady(file, now), false, "another process's");
  write("12.5 no broker\n");
  assert.equal(notedReady(file, now - 60), false);
  write("12.5 ok\n", now - 11);
  assert.equal(notedReady(file, now - 60), false, "old");
});

test("a stack that outlives its launcher has no terminal, and whoever plans it again sees and ends it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "slipstream 100% "));
  chmodSync(folder, 0o711);
  const [web, api, postgres, valkey] = await freePorts(4);
  const ports = { web, api, postgres, valkey } as Ports;
  const secrets = newSecrets();
  const env = appEnv({ ENVIRONMENT: "test" }, ports, secrets);
  const logs = join(folder, "else where");
  const plan = { folder, logs, ports, secrets, env, mode: "production" as const, outlives: true };
  const name = `${folder}:test`;
  t.after(async () => {
    await new Stack(name, plan, ["valkey"], {}).stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await new Stack(name, plan, ["valkey"], {}).start(() => undefined);

  const again = new Stack(name, plan, ["valkey"], {});
  const { pid, ready } = (await again.status()).services[0]!;
  const session = () => execFileSync("ps", ["-o", "tty=", "-p", String(pid)], { encoding: "utf8" }).trim();
  assert.equal(ready, true);
  assert.match(session(), /^\?+$/);
  process.kill(pid!, "SIGKILL");
  assert.ok(await until(async () => (await again.status()).services[0]!.ready, { timeout: 15_000 }));

  await again.stop();
  assert.deepEqual(marked(name), []);
});
