// From a clean clone to a stack that answers: settings, images, containers, a link and a first account.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { compose, composeQuietly, composeToEnd, config, containers, docker, failed } from "./compose.ts";
import { prepareEnv } from "./docker-env.ts";
import { writeSecretFiles } from "./dotenv.ts";
import type { Variables } from "./env.ts";
import { Sentence } from "./errors.ts";
import { stackFolder } from "./paths.ts";
import { isListening } from "./ports.ts";

const WITHIN_SECONDS = 180;
const SECRETS = stackFolder("secrets");
/** Of the secrets that the stack last started with: with others a database that is there has to be told. */
const KNOWN = join(SECRETS, "fingerprint");
/** Those that are published, with their usual values. */
const PORTS: Variables = { EXTERNAL_PORT: "8080", HTTP_PORT: "80", HTTPS_PORT: "443" };
const ROLES = "/docker-entrypoint-initdb.d/roles.sh";

/** Brings the stack up; `options` go to `docker compose up`. */
export async function up(options: string[]): Promise<number> {
  const { set, kept, undo } = prepareEnv();
  const fingerprint = writeSecretFiles(set, SECRETS);
  let stack;
  try {
    stack = await buildAndCheck(set);
  } catch (error) {
    undo();
    throw error;
  }
  const { name, services } = stack;
  if (kept.length) console.log(`Kept in .env: ${kept.join(", ")}.`);

  console.log("Starting; the first time takes a minute.");
  const known = existsSync(KNOWN) ? readFileSync(KNOWN, "utf8") : "";
  const changed = known !== fingerprint && docker("volume", "inspect", `${name}_postgres`).status === 0;
  if (changed) await renewPasswords();
  const wait = ["--detach", "--wait", "--wait-timeout", String(WITHIN_SECONDS)];
  const { status, stderr } = await composeQuietly(
    "up",
    ...wait,
    "--no-build",
    "--remove-orphans",
    // What runs has read the old ones.
    ...(changed ? ["--force-recreate"] : []),
    ...options,
  );
  if (status !== 0) return explain(stderr, set);
  writeFileSync(KNOWN, fingerprint, { mode: 0o600 });

  console.log(`\nSlipstream is up: ${services["nginx"]?.environment?.["SITE_URL"] ?? ""}`);
  firstAccount();
  console.log("make docker-status, docker-logs, docker-restart and docker-down look after it.");
  return 0;
}

/** Everything that can be found wrong before a container starts. */
async function buildAndCheck(set: Variables): Promise<ReturnType<typeof config>> {
  const stack = config();
  const { services } = stack;
  await portsAreFree(set, services["acme"] ? ["HTTP_PORT", "HTTPS_PORT"] : ["EXTERNAL_PORT"]);
  const build = Object.values(services).some((service) => service.build);
  if ((await composeToEnd(...(build ? ["build"] : ["pull", "--quiet"]))) !== 0) {
    throw new Sentence(`The images could not be ${build ? "built" : "pulled"}; see above.`);
  }
  await settingsAreWell();
  return stack;
}

/** Each of the ports that we publish is free, or our own nginx has it. */
async function portsAreFree(set: Variables, names: string[]): Promise<void> {
  const address = set["EXTERNAL_ADDRESS"] || "0.0.0.0";
  const host = address === "0.0.0.0" ? "127.0.0.1" : address;
  const published = containers().flatMap(({ State, Publishers }) =>
    State === "running" ? (Publishers ?? []).map(({ PublishedPort }) => PublishedPort) : [],
  );
  const ours = new Set(published);
  for (const name of names) {
    const port = Number(set[name] || PORTS[name]);
    if (!ours.has(port) && (await isListening(port, host))) throw portInUse(port, name);
  }
}

const portInUse = (port: number | string, name: string): Sentence =>
  new Sentence(`Port ${port} is in use by something else: give another one, for example make docker-up ${name}=8081.`);

/** The settings are checked by the code that reads them, with the environment that it will have. */
async function settingsAreWell(): Promise<void> {
  const { status, stdout, stderr } = await composeQuietly(
    ...["run", "--rm", "--no-deps", "--no-TTY", "api", "python", "-m", "app.settings", "check"],
  );
  if (status !== 0) throw new Sentence((stderr + stdout).trim());
}

/** A database that is there already learns the passwords of .env. */
async function renewPasswords(): Promise<void> {
  const started = await composeQuietly("up", "--detach", "--wait", "--no-deps", "--force-recreate", "postgres");
  if (started.status === 0) compose("exec", "--no-TTY", "postgres", "sh", ROLES);
}

/** Shows the last words of what failed. */
function explain(stderr: string, set: Variables): number {
  const inUse = /port is already allocated|address already in use/.test(stderr);
  const port = inUse && /(?:for|tcp[46]?) (?:[\d.]+|\[[^\]]*\]):(\d+)/.exec(stderr);
  if (port) {
    const name = Object.keys(PORTS).findLast((each) => (set[each] || PORTS[each]) === port[1]);
    throw portInUse(port[1]!, name ?? "EXTERNAL_PORT");
  }
  const culprits = failed(containers());
  for (const { Service, Name, State, Health, ExitCode } of culprits) {
    console.error(
      `\n${Service} (${Name}) is ${State === "exited" ? `exited with ${ExitCode}` : Health || State}. Its last lines:`,
    );
    const { stdout, stderr: errors } = docker("logs", "--tail", "20", Name);
    console.error((stdout + errors).trimEnd().replaceAll(/^/gm, "  ") || "  (none)");
    const probe = docker(
      "inspect",
      "--format",
      "{{with .State.Health}}{{range .Log}}{{.Output}}\n{{end}}{{end}}",
      Name,
    );
    const last = probe.stdout.trim().split("\n").at(-1);
    if (Health === "unhealthy" && last) console.error(`Its probe says: ${last}`);
  }
  console.error(`\n${stderr.trim()}`);
  console.error("The stack is not up. make docker-logs shows more, make docker-down takes away what runs.");
  return 1;
}

/** Makes the first account where there is none, and shows its password this one time. */
function firstAccount(): void {
  const { status, stdout, stderr } = compose("exec", "--no-TTY", "api", "python", "-m", "app.first_account");
  if (status !== 0) throw new Sentence(`The first account could not be made: ${stderr.trim()}`);
  if (!stdout.trim()) return;
  const { email, password } = JSON.parse(stdout) as { email: string; password: string };
  console.log(`Sign in as ${email} with the password ${password} (shown only now).`);
}
