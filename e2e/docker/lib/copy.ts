/** The project as a clean clone of what is here has it, also where nothing of it is committed, or there is no git. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root } from "../../../scripts/lib/paths.ts";

/** What git ignores, for a copy without git. */
const IGNORED = /(^|\/)(node_modules|\.next|\.venv|\.tools|\.data|logs|__pycache__|\.\w+_cache|\.env(\.local)?)$/;

/** Gives the folder of a copy, whose end is the caller's business. */
export function cleanCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), "slipstream-docker-"));
  if (existsSync(join(root, ".git"))) {
    const options = ["--cached", "--others", "--exclude-standard", "-z"];
    const names = execFileSync("git", ["ls-files", ...options], { cwd: root, encoding: "utf8" }).split("\0");
    for (const name of names.filter((name) => name !== "" && isThere(join(root, name))))
      cpSync(join(root, name), join(copy, name), { verbatimSymlinks: true });
  } else {
    cpSync(root, copy, { recursive: true, verbatimSymlinks: true, filter: (source) => !IGNORED.test(source) });
  }
  return copy;
}

/** Listed, and not deleted since. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
