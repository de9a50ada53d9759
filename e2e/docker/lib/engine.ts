/** The Docker engine, by its own command: nothing else knows all of it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What the command prints. Throws with what it complained of. `variables` go over the environment's. */
export async function docker(
  args: readonly string[],
  cwd?: string,
  variables?: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    const env = { ...process.env, ...variables };
    const { stdout } = await run("docker", args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    throw new Error(`docker ${args.join(" ")}: ${said || String(error)}`, { cause: error });
  }
}

/** Why there is nothing to test with, or null. */
export async function noEngine(): Promise<string | null> {
  try {
    await docker(["info", "--format", "{{.ServerVersion}}"]);
  } catch {
    return "no Docker engine answers here (docker info)";
  }
  try {
    await docker(["compose", "version"]);
  } catch {
    return "Docker's compose plugin is missing (docker compose version)";
  }
  return null;
}
