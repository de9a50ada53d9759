import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { failed, isWell, need, type Container } from "./compose.ts";
import { composeFiles, passedOn, prepareEnv, projectName } from "./docker-env.ts";
import { SECRETS } from "./dotenv.ts";
import { root } from "./paths.ts";

const dotenv = (text = ""): string => {
  const file = join(mkdtempSync(join(tmpdir(), "slipstream-test-")), ".env");
  writeFileSync(file, text);
  return file;
};
const container = (one: Partial<Container>): Container => ({
  ...{ Service: "api", Name: "x-api-1", State: "running", Health: "healthy", ExitCode: 0, Publishers: null },
  ...one,
});

test("every setting reaches the containers, but for those that the stack decides", () => {
  const known = [...readFileSync(join(root, ".env.example"), "utf8").matchAll(/^# ([A-Z_]+)=/gm)].map(
    ([, name]) => name!,
  );
  const settings = readFileSync(join(root, "compose", "settings.yml"), "utf8");
  const decided = [...settings.matchAll(/^ {6}([A-Z_]+?)(?:_FILE)?: \S/gm)].map(([, name]) => name!);
  // Ports and sockets of a development machine, its demo account, the superuser of which the app knows nothing, what
  // migrations alone have, and what the web server or nginx are given by themselves.
  const elsewhere = [
    ...["CONTROL_SOCKET", "WEB_PORT", "POSTGRES_PORT", "VALKEY_PORT", "API_URL", "DEMO_EMAIL", "DEMO_PASSWORD"],
    ...[
      "POSTGRES_PASSWORD",
      "MIGRATION_DATABASE_URL",
      "MIGRATION_DATABASE_PASSWORD",
      "HEALTH_FILE",
      "CELERY_BROKER_URL",
    ],
  ];

  const missing = known.filter((name) => ![...passedOn(settings), ...decided, ...elsewhere].includes(name));

  assert.deepEqual(missing, []);
  assert.deepEqual(
    passedOn(settings).filter((name) => !known.includes(name)),
    [],
  );
});

test("a first start makes everything that the stack needs", () => {
  const file = dotenv();

  const { set } = prepareEnv({}, file);

  for (const name of Object.keys(SECRETS)) assert.ok(set[name], name);
  assert.equal(set["COMPOSE_FILE"], "compose/compose.yml");
  assert.equal(set["ENVIRONMENT"] ?? set["SITE_URL"] ?? set["DATABASE_URL"], undefined);
});

test("a second start changes nothing", () => {
  const file = dotenv("# mine\n");
  prepareEnv({}, file);
  const before = readFileSync(file, "utf8");

  const { kept } = prepareEnv({}, file);

  assert.equal(readFileSync(file, "utf8"), before);
  assert.deepEqual(kept, []);
});

test("what is given on the command line stays for the next time, and is .env's from then on", () => {
  const file = dotenv("EXTERNAL_PORT=1 # old\n");
  const real = { EXTERNAL_PORT: "9090", TASK_LEASE: "9s", HOME: "/home/me" };

  const { set, kept } = prepareEnv(real, file);

  assert.match(readFileSync(file, "utf8"), /^EXTERNAL_PORT=9090$/m);
  assert.equal(set["TASK_LEASE"], "9s");
  assert.deepEqual(real, { HOME: "/home/me" });
  assert.deepEqual(kept.toSorted(), ["COMPOSE_FILE", "EXTERNAL_PORT", "TASK_LEASE"]);
});

test("what was given in vain is taken back, and what was made stays", () => {
  const file = dotenv("EXTERNAL_PORT=9090\n");

  const { set, undo } = prepareEnv({ EXTERNAL_PORT: "6666", OVERLAY: "minimal", LOG_LEVEL: "LOUD" }, file);
  undo();

  const after = readFileSync(file, "utf8");
  assert.match(after, /^EXTERNAL_PORT=9090$/m);
  assert.doesNotMatch(after, /LOG_LEVEL|minimal/);
  assert.ok(after.includes(set["REDIS_PASSWORD"]!));
});

test("a domain asks for a certificate, and TLS=off takes it back", () => {
  const file = dotenv();

  assert.equal(prepareEnv({ DOMAIN: "example.org" }, file).set["COMPOSE_FILE"], "compose/compose.yml:compose/tls.yml");
  assert.equal(prepareEnv({ TLS: "off" }, file).set["COMPOSE_FILE"], "compose/compose.yml");
});

test("an overlay replaces another one and keeps TLS", () => {
  assert.equal(
    composeFiles("compose/compose.yml:compose/dev.yml", "minimal", false),
    "compose/compose.yml:compose/minimal.yml",
  );
  assert.equal(composeFiles("", "release", true), "compose/compose.yml:compose/release.yml:compose/tls.yml");
  assert.equal(composeFiles("compose/compose.yml:mine.yml", undefined, false), "compose/compose.yml:mine.yml");
  assert.equal(composeFiles("compose/compose.yml:compose/dev.yml", "", true), "compose/compose.yml:compose/tls.yml");
  assert.throws(() => composeFiles("", "prod", false), /OVERLAY has to be one of dev, minimal, release/);
});

test("any folder gives a name that Compose takes", () => {
  assert.equal(projectName("My App"), "my-app");
  assert.equal(projectName("_x"), "x");
  assert.equal(projectName("…"), "slipstream");
});

test("an engine that is too old is refused with both versions", () => {
  assert.throws(() => need("Docker Compose", "v2.38.1", [2, 39]), /2\.39 or newer.*v2\.38\.1/);
  need("Docker Compose", "5.0.0", [2, 39]);
  need("Docker Compose", "dev", [2, 39]);
});

test("a failed start is about what broke, else about what never got ready", () => {
  const migrate = container({ Service: "migrate", State: "exited", Health: "", ExitCode: 1 });
  const waiting = container({ Service: "worker", State: "created", Health: "" });
  const starting = container({ Service: "web", Health: "starting" });

  assert.deepEqual(failed([container({}), migrate, waiting, starting]), [migrate]);
  assert.deepEqual(failed([container({}), waiting, starting]), [starting]);
  assert.equal(isWell({ ...migrate, ExitCode: 0 }), true);
});
