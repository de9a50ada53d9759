// Docker and Compose as the scripts call them: the same command that a person would type in the project's folder.
import { spawn, spawnSync } from "node:child_process";

import { Sentence } from "./errors.ts";
import { root } from "./paths.ts";
import { runToEnd } from "./run.ts";

const ENGINE = [25, 0] as const; // probes that are quicker while a container starts
const COMPOSE = [2, 39] as const; // the file's words for builds

// For Compose's own builder, which doesn't hear what the file says: an attestation would make every build a new image.
const env = (): NodeJS.ProcessEnv => ({ ...process.env, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" });

export interface Container {
  Service: string;
  Name: string;
  State: string;
  Health: string;
  ExitCode: number;
  Publishers: { PublishedPort: number }[] | null;
}

interface Result {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs `docker …` and returns what it printed. */
export function docker(...args: string[]): Result {
  const { status, stdout, stderr, error } = spawnSync("docker", args, {
    cwd: root,
    env: env(),
    encoding: "utf8",
    maxBuffer: 64 << 20,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error)
    throw new Sentence("Docker is not installed, or not on the PATH: see https://docs.docker.com/engine/install.");
  return { status: status ?? 1, stdout, stderr };
}

export const compose = (...args: string[]): Result => docker("compose", ...args);

/** Runs `docker compose …` in the foreground; returns its exit code. */
export const composeToEnd = (...args: string[]): Promise<number> =>
  runToEnd(["docker", "compose", ...args], { cwd: root, env: env() });

/** Runs `docker compose …` without a word on the screen; Ctrl-C ends it. */
export function composeQuietly(...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    const child = spawn("docker", ["compose", "--progress", "quiet", ...args], {
      cwd: root,
      env: env(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const printed = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (printed.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (printed.stderr += chunk.toString()));
    child.once("close", (status) => resolve({ status: status ?? 130, ...printed }));
  });
}

/** Throws a sentence where Docker is away, closed to us or too old. */
export function checkDocker(): void {
  const engine = docker("version", "--format", "{{.Server.Version}}");
  if (engine.status !== 0) {
    const why = engine.stderr.trim().split("\n").at(-1);
    throw new Sentence(`Docker's engine does not answer; is it running, and may you use it? (${why})`);
  }
  need("Docker's engine", engine.stdout.trim(), ENGINE);
  const version = compose("version", "--short");
  if (version.status !== 0) {
    throw new Sentence("Docker has no Compose plugin: see https://docs.docker.com/compose/install.");
  }
  need("Docker Compose", version.stdout.trim(), COMPOSE);
}

export function need(what: string, version: string, [major, minor]: readonly [number, number]): void {
  const found = /(\d+)\.(\d+)/.exec(version);
  if (!found) return; // a build of somebody's own: it may well do
  const [has, hasMinor] = [Number(found[1]), Number(found[2])];
  if (has > major || (has === major && hasMinor >= minor)) return;
  throw new Sentence(`${what} ${major}.${minor} or newer is needed, but this is ${version}.`);
}

interface Config {
  name: string;
  services: Record<string, { image?: string; build?: unknown; environment?: Record<string, string | null> }>;
}

/** The stack as Compose understands it; what it doesn't understand is a sentence. */
export function config(): Config {
  const { status, stdout, stderr } = compose("config", "--format", "json");
  if (status !== 0) throw new Sentence(stderr.trim());
  return JSON.parse(stdout) as Config;
}

/** All containers of the project, ended ones too. */
export function containers(): Container[] {
  const { status, stdout, stderr } = compose("ps", "--all", "--format", "json");
  if (status !== 0) throw new Sentence(stderr.trim());
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Container);
}

/** Whether a container does what it is there for; one that ended without an error has done it. */
export const isWell = ({ State, Health, ExitCode }: Container): boolean =>
  State === "running" ? Health === "" || Health === "healthy" : State === "exited" && ExitCode === 0;

/** Which containers a failed start is about: the broken ones, else those that never got ready. */
export function failed(all: Container[]): Container[] {
  const broken = all.filter(
    (one) => !isWell(one) && (one.State !== "running" || one.Health === "unhealthy") && one.State !== "created",
  );
  return broken.length ? broken : all.filter((one) => one.State === "running" && !isWell(one));
}
