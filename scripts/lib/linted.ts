// Which files shellcheck and hadolint read: found by what they are, so that a new one is never forgotten.
import { closeSync, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

import { root } from "./paths.ts";

const FOLDERS = [".ci", "api", "compose", "e2e", "nginx", "scripts", "web"];
const NOT_OURS = new Set(["node_modules", ".next", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"]);

function* filesIn(folder: string): Generator<string> {
  if (!existsSync(join(root, folder))) return;
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !NOT_OURS.has(entry.name)) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

/** The first line of a file, as far as it fits into what a `#!` needs. */
function beginning(path: string): string {
  const bytes = Buffer.alloc(32);
  const file = openSync(join(root, path), "r");
  const length = readSync(file, bytes);
  closeSync(file);
  return bytes.toString("latin1", 0, length);
}

const ours = (): string[] => FOLDERS.flatMap((folder) => Array.from(filesIn(folder)));

/** Shell scripts, whatever their names end in. */
export const shellScripts = (): string[] =>
  ours().filter((path) => path.endsWith(".sh") || /^#!\/(usr\/)?bin\/(env )?(ba|da)?sh\b/.test(beginning(path)));

export const dockerfiles = (): string[] => ours().filter((path) => /(^|\/)(Dockerfile|\w+\.Dockerfile)$/.test(path));
