/** What needs no running stack: the files that say how one runs. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { ODD } from "../../scripts/lib/dotenv-odd.ts";
import { ensureEnv } from "../../scripts/lib/dotenv.ts";
import { dockerfiles, shellScripts } from "../../scripts/lib/linted.ts";
import { root } from "../../scripts/lib/paths.ts";
import { onPath } from "../../scripts/lib/privileges.ts";
import { docker } from "./lib/engine.ts";
import { composed, image } from "./lib/stack.ts";

const OVERLAYS = ["dev", "minimal", "release", "tls"];
/** Which are for the same stack: development has no certificate, and nothing to release. */
const COMBINATIONS = [[], ...OVERLAYS.map((name) => [name]), ["release", "minimal"], ["release", "tls"]];

for (const overlays of COMBINATIONS)
  test(`compose takes ${["compose", ...overlays].join(" with ")}`, async () => {
    const files = ["compose", ...overlays].flatMap((name) => ["--file", `compose/${name}.yml`]);
    const digest = `sha256:${"0".repeat(64)}`;
    const given = {
      API_IMAGE: digest,
      WEB_IMAGE: digest,
      NGINX_IMAGE: digest,
      ACME_IMAGE: digest,
      DOMAIN: "example.org",
      SITE_URL: "http://192.168.1.20:8080",
    };
    const env = { ...process.env, ...given, SECRETS: "../.data/secrets" };

    execFileSync("docker", ["compose", ...files, "config", "--quiet"], { cwd: composed.folder, env, stdio: "pipe" });
  });

test("compose says which variable is missing", () => {
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"] };
  const bare = ["compose", "--env-file", "/dev/null", "--file", "compose/compose.yml", "config", "--quiet"];

  assert.throws(() => execFileSync("docker", bare, { cwd: composed.folder, env, stdio: "pipe" }), /make docker-up/);
});

test("compose reads .env as we write it", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  ensureEnv(ODD, { file: join(folder, ".env"), real: {} });
  const service = { image: "any", environment: Object.keys(ODD) };
  writeFileSync(join(folder, "compose.yml"), JSON.stringify({ services: { any: service } }));

  const read = execFileSync("docker", ["compose", "config", "--format", "json"], { cwd: folder, encoding: "utf8" });

  // what it prints can be read again, so that each dollar is two
  assert.deepEqual(JSON.parse(read.replaceAll("$$", "$")).services.any.environment, ODD);
});

const venv = (name: string): string => join(root, ".venv", "bin", name);

test("hadolint and shellcheck find nothing", () => {
  assert(dockerfiles().length >= 3, "there are Dockerfiles");
  execFileSync(venv("hadolint"), dockerfiles(), { cwd: root, stdio: "inherit" });
  execFileSync(venv("shellcheck"), ["--external-sources", ...shellScripts()], { cwd: root, stdio: "inherit" });
});

test("nginx takes its configuration", { timeout: 60_000 }, async () => {
  await docker(["compose", "run", "--rm", "--no-deps", "--no-TTY", "nginx", "nginx", "-t"], composed.folder);
});

test("systemd takes the unit", { skip: onPath("systemd-analyze") ? false : "systemd-analyze isn't here" }, () => {
  const units = globSync("compose/systemd/*.service", { cwd: root });
  assert(units.length > 0, "there is a unit");

  for (const unit of units) execFileSync("systemd-analyze", ["verify", join(root, unit)], { stdio: "pipe" });
});

test("the images have a numeric user, a label of their source and no health of their own to hide", async () => {
  for (const part of ["api", "web", "nginx"] as const) {
    const [{ Config }] = JSON.parse(await docker(["image", "inspect", image(part)]));
    assert.match(Config.User, /^[1-9]\d*(:\d+)?$/, part);
    assert(Config.Labels?.["org.opencontainers.image.title"], `${part} has OCI labels`);
  }
});
