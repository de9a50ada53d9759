// `make docker-test`: brings the composed stack up from a clean copy, runs the tests beside it, and leaves nothing.
//   node e2e/docker/main.ts <report> [kills …]      KEEP=1 leaves the stack, and says how to run a test beside it
import { createWriteStream, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { junit, spec } from "node:test/reporters";

import { main, Sentence } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";
import { freePorts } from "../../scripts/lib/ports.ts";
import { runToEnd } from "../../scripts/lib/run.ts";
import { cleanCopy } from "./lib/copy.ts";
import { docker, noEngine } from "./lib/engine.ts";

const here = join(root, "e2e", "docker");
const kept = join(root, ".data", "reports", "docker-logs");

/** They disturb nobody, so they run beside the one that waits for 70 s. Timings come first, the browser last. */
const QUIET = ["idle", "front", "landing", "spoof", "hardening", "static", "journeys"];
/** They kill, restart and rebuild what the others need. */
const ROUGH = ["kills", "restarts", "health", "scale", "minimal"];

/** Fast tasks, and limits out of the way. */
const SETTINGS = {
  OFFLINE_TOKENS_PER_SECOND: "100",
  TASKS_RUNNING_PER_USER: "100000",
  TASKS_PER_DAY: "1000000",
  LIMIT_TASKS: "off",
  LIMIT_EXPORTS: "off",
  LIMIT_LINKS: "100/1h",
  LIMIT_REGISTRATIONS: "9999/1h",
  LIMIT_SIGN_INS: "9999/1m",
  STREAMS_PER_USER: "100000",
  TASK_MAX_ATTEMPTS: "20",
};

await main(async () => {
  const [report, ...only] = process.argv.slice(2);
  if (report === undefined) throw new Sentence("Usage: main.ts <report> [test file's name …]");
  const lack = await noEngine();
  if (lack !== null) throw new Sentence(`make docker-test needs a Docker engine: ${lack}.`);

  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());
  const stack = await plan();
  let failed = true;
  try {
    await up(stack);
    failed = await test(phases(only), report, interrupted.signal);
  } finally {
    if (failed) await keepLogs(stack).catch(tell);
    if (process.env["KEEP"] === "1") explain(stack);
    else await down(stack);
  }
  return failed || interrupted.signal.aborted ? 1 : 0;
});

/** What stands in the way of cleaning up must not hide why a test failed. */
function tell(error: unknown): void {
  console.log(String(error));
}

interface Plan {
  folder: string;
  env: Record<string, string>;
}

async function plan(): Promise<Plan> {
  const [port] = await freePorts(1);
  const folder = cleanCopy();
  const project = `slipstream-test-${process.pid}`;
  // What of ours stands in the developer's environment is none of the stack's business.
  const settings = new Set(readFileSync(join(root, ".env.example"), "utf8").match(/(?<=^#? ?)[A-Z][A-Z0-9_]+(?==)/gm));
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && !settings.has(name) && !/^(COMPOSE_|MAKE|MFLAGS|NODE_TEST_)/.test(name))
      env[name] = value;
  const place = { COMPOSE_PROJECT_NAME: project, IMAGE_TAG: "test", EXTERNAL_ADDRESS: "127.0.0.1" };
  return { folder, env: { ...env, ...SETTINGS, ...place, EXTERNAL_PORT: String(port) } };
}

/** As a newcomer does it. */
async function up({ folder, env }: Plan): Promise<void> {
  const begun = performance.now();
  const code = await runToEnd(["make", "docker-up"], { cwd: folder, env });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  if (code !== 0) throw new Sentence(`make docker-up failed after ${seconds} s, with ${code}.`);
  console.log(`# measured: make docker-up in a clean copy: ${seconds} s`);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  const { COMPOSE_PROJECT_NAME, IMAGE_TAG, EXTERNAL_PORT } = env;
  Object.assign(process.env, { COMPOSE_PROJECT_NAME, IMAGE_TAG, DOCKER_TEST_COPY: folder });
  process.env["BASE_URL"] = `http://localhost:${EXTERNAL_PORT}`;
}

interface Phase {
  names: string[];
  concurrency: number;
}

/** All test files, those whose place nobody named at the end; or only the given ones. */
function phases(only: readonly string[]): Phase[] {
  const all = globSync("*.test.ts", { cwd: here }).map((file) => file.replace(".test.ts", ""));
  const strange = only.filter((name) => !all.includes(name));
  if (strange.length > 0) throw new Sentence(`There is no test ${strange.join(", ")}: ${all.toSorted().join(", ")}.`);
  const wanted = (names: readonly string[]) => names.filter((name) => only.length === 0 || only.includes(name));
  // From the end of the alphabet: the longest, https, is beside all the others.
  const others = all
    .filter((name) => ![...QUIET, ...ROUGH].includes(name))
    .toSorted()
    .toReversed();
  return [
    { names: wanted(QUIET), concurrency: 2 },
    { names: wanted(ROUGH), concurrency: 1 },
    { names: wanted(others), concurrency: 2 },
  ].filter(({ names }) => names.length > 0);
}

/** Runs them, phase after phase, into one report. True when a test failed. */
async function test(phases: readonly Phase[], report: string, signal: AbortSignal): Promise<boolean> {
  let failed = false;
  const screen = new spec();
  screen.pipe(process.stdout);
  async function* events() {
    for (const { names, concurrency } of phases) {
      if (signal.aborted) return;
      // Readers of a stream that failed would go on for ever.
      const files = names.map((name) => join(here, `${name}.test.ts`));
      for await (const event of run({ files, concurrency, signal, forceExit: true })) {
        failed ||= event.type === "test:fail";
        screen.write(event);
        yield event;
      }
    }
  }
  const file = createWriteStream(report);
  for await (const part of junit(events())) file.write(part);
  await new Promise<void>((resolve) => file.end(resolve));
  screen.end();
  return failed;
}

function compose({ folder }: Plan, ...args: string[]): Promise<string> {
  return docker(["compose", ...args], folder);
}

/** What every container said outlives it, for whoever has to find out why a test failed. */
async function keepLogs(stack: Plan): Promise<void> {
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  const services = (await compose(stack, "ps", "--all", "--services")).split("\n").filter(Boolean);
  for (const service of services)
    writeFileSync(join(kept, `${service}.log`), await compose(stack, "logs", "--no-color", "--timestamps", service));
  writeFileSync(join(kept, "containers.txt"), await compose(stack, "ps", "--all"));
  console.log(`The containers' logs are in ${kept}.`);
}

/** The containers, volumes, networks and images of this project, and its folder. */
async function down(stack: Plan): Promise<void> {
  await compose(stack, "down", "--volumes", "--remove-orphans", "--timeout=2").catch(tell);
  const reference = `reference=${stack.env["COMPOSE_PROJECT_NAME"]}-*`;
  const built = (await docker(["image", "ls", "--quiet", "--filter", reference])).split("\n").filter(Boolean);
  if (built.length > 0) await docker(["image", "rm", "--force", ...new Set(built)]).catch(tell);
  rmSync(stack.folder, { recursive: true, force: true });
}

function explain({ folder, env }: Plan): void {
  const names = ["COMPOSE_PROJECT_NAME", "IMAGE_TAG"] as const;
  const set = names.map((name) => `${name}=${env[name]}`).join(" ");
  console.log(`DOCKER_TEST_COPY=${folder} ${set} BASE_URL=http://localhost:${env["EXTERNAL_PORT"]} node --test …`);
}
