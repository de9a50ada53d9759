import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { appEnv, isEmbedded, portsOf, variables } from "./env.ts";
import { newSecrets } from "./secrets.ts";

const dotenv = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), "slipstream-test-")), ".env");
  writeFileSync(file, text);
  return file;
};

test("the real environment wins over .env", () => {
  const set = variables({ WEB_PORT: "4000" }, dotenv("WEB_PORT=5000\nAPI_PORT=5001\n"));

  assert.deepEqual(set, { WEB_PORT: "4000", API_PORT: "5001" });
});

test("an empty value in .env is no value", () => {
  const set = variables({}, dotenv("DATABASE_URL=\nREDIS_URL=\n"));

  assert.deepEqual(isEmbedded(set), { postgres: true, valkey: true });
});

test("each server is embedded unless its own URL is set", () => {
  assert.deepEqual(isEmbedded({ DATABASE_URL: "postgresql://db/app" }), { postgres: false, valkey: true });
  assert.deepEqual(isEmbedded({ REDIS_URL: "redis://cache" }), { postgres: true, valkey: false });
});

test("a set DATABASE_URL reaches the app unchanged and nothing is made up beside it", () => {
  const set = { DATABASE_URL: "postgresql://db/app" };
  const env = appEnv(set, portsOf(set), newSecrets());

  assert.equal(env["DATABASE_URL"], "postgresql://db/app");
  assert.equal(env["MIGRATION_DATABASE_URL"], undefined);
});

test("what a file holds isn't made up beside it", () => {
  const set = { REDIS_URL_FILE: "/run/secrets/redis", JWT_KEYS_FILE: "/run/secrets/keys" };
  const env = appEnv(set, portsOf(set), newSecrets());

  assert.deepEqual(isEmbedded(set), { postgres: true, valkey: false });
  assert.equal(env["REDIS_URL"], undefined);
  assert.equal(env["JWT_KEYS"], undefined);
});

test("a password that isn't made for an address is written as one can read it", () => {
  const env = appEnv({}, portsOf({}), { ...newSecrets(), app: "p@ss/word", valkey: "a b#c" });

  assert.equal(new URL(env["DATABASE_URL"]!).password, "p%40ss%2Fword");
  assert.equal(new URL(env["REDIS_URL"]!).password, "a%20b%23c");
});

test("the embedded database has two roles, and the site's address follows the web port", () => {
  const set = { WEB_PORT: "4000" };
  const env = appEnv(set, portsOf(set), newSecrets());

  assert.match(env["DATABASE_URL"] ?? "", /^postgresql:\/\/slipstream_app:/);
  assert.match(env["MIGRATION_DATABASE_URL"] ?? "", /^postgresql:\/\/slipstream_owner:/);
  assert.equal(env["SITE_URL"], "http://localhost:4000");
});

test("a port that is none is named with its variable and value", () => {
  assert.throws(() => portsOf({ API_PORT: "80a" }), /API_PORT has to be a port.*"80a"/);
  assert.throws(() => portsOf({ API_PORT: "70000" }), /API_PORT has to be a port/);
});

test("two services on one port are refused with both names", () => {
  assert.throws(() => portsOf({ WEB_PORT: "8000" }), /WEB_PORT.*API_PORT.*8000|API_PORT.*WEB_PORT.*8000/);
});
