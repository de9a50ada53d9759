// Postgres refuses to run as root. Started by root it runs as the uid of `nobody`, which owns its data folder.
import { existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { Sentence } from "./errors.ts";
import { python, root } from "./paths.ts";

const NOBODY = 65534;
export const isRoot = process.getuid?.() === 0;
/** Who the database server's files belong to: nobody under root, else whoever runs this. */
export const serverUid: number | undefined = isRoot ? NOBODY : undefined;

const DROP = "import os,sys; os.setgroups([]); os.setgid(65534); os.setuid(65534); os.execv(sys.argv[1], sys.argv[1:])";

/** The first folder on the way down to `path` that another user can't enter, or null. */
function closedTo(path: string): string | null {
  let closed: string | null = null;
  for (let at = realpathSync(path); ; at = dirname(at)) {
    if (statSync(at).isDirectory() && (statSync(at).mode & 0o001) === 0) closed = at;
    if (at === dirname(at)) return closed;
  }
}

/** The command as the database server's user; as it is when we aren't root. Keeps the pid: everything execs. */
export function asServerUser(command: string[], folders: string[]): string[] {
  if (!isRoot) return command;
  const closed = folders.map(closedTo).find((folder) => folder !== null);
  if (closed === undefined) return [python, "-c", DROP, ...command];
  // Inside a folder that only root enters, Linux can let one process pass folders without making it root.
  const setpriv = onPath("setpriv");
  if (process.platform !== "linux" || !setpriv) {
    throw new Sentence(
      `Postgres can't run as root, and the user it runs as instead can't enter ${closed}: ` +
        `either allow that (chmod o+x "${closed}"), or start Slipstream as a user other than root.`,
    );
  }
  // Without the fixup access(2), by which initdb looks for its programs, would not count the capability.
  const user = ["--securebits=+no_setuid_fixup", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  return [setpriv, ...user, "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--", ...command];
}

/** The file that a shell would run for this name, or null. */
export function onPath(name: string): string | null {
  for (const folder of [join(root, ".tools", "bin"), ...(process.env["PATH"] ?? "").split(delimiter)]) {
    const file = join(folder, name);
    if (folder !== "" && existsSync(file) && statSync(file).isFile()) return file;
  }
  return null;
}
