// What a run was measured on: the machine, and the versions of what was measured.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, machine, release, totalmem } from "node:os";
import { join } from "node:path";

import { python, root, web } from "../../scripts/lib/paths.ts";
import { postgresBinaries, valkeyBinary } from "../../scripts/lib/servers.ts";

export interface Machine {
  /** Runs on machines of one kind can be compared. */
  kind: string;
  cpu: string;
  cores: number;
  /** In bytes. */
  memory: number;
  kernel: string;
}

export function machineNow(): Machine {
  const cpu = cpus()[0]?.model.trim() || machine();
  const cores = cpus().length;
  const memory = totalmem();
  const kind = `${cores} x ${cpu}, ${Math.round(memory / 2 ** 30)} GB`;
  return { kind, cpu, cores, memory, kernel: release() };
}

const DISTRIBUTIONS = ["fastapi", "starlette", "uvicorn", "pydantic", "sqlalchemy", "asyncpg", "redis"];
const PACKAGES = ["next", "react"];

/** By name; what isn't installed is left out. */
export function versionsNow(): Record<string, string> {
  const script = `import json, platform
from importlib.metadata import version
print(json.dumps({"python": platform.python_version(), **{name: version(name) for name in ${JSON.stringify(DISTRIBUTIONS)}}}))`;
  const server = (binary: string): string => /\d+(\.\d+)+/.exec(output(binary, "--version"))?.[0] ?? "";
  return {
    node: process.versions.node,
    ...(JSON.parse(output(python, "-c", script)) as Record<string, string>),
    ...Object.fromEntries(PACKAGES.flatMap((name) => installed(name))),
    postgres: server(join(postgresBinaries(), "postgres")),
    valkey: server(valkeyBinary()),
  };
}

/** The commit that was measured, and whether the files differ from it; null in a copy without history. */
export function commitNow(): { commit: string | null; dirty: boolean } {
  try {
    return { commit: git("rev-parse", "HEAD"), dirty: git("status", "--porcelain") !== "" };
  } catch {
    return { commit: null, dirty: false };
  }
}

const git = (...args: string[]): string =>
  execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();

const output = (file: string, ...args: string[]): string => execFileSync(file, args, { encoding: "utf8" });

function installed(name: string): [string, string][] {
  const file = [web, root].map((folder) => join(folder, "node_modules", name, "package.json")).find(existsSync);
  return file ? [[name, (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version]] : [];
}
