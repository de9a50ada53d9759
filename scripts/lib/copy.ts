// A copy of the project to try a guide in: its own code, the installed packages of the original.
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root } from "./paths.ts";

const CODE = [
  ...["api", "web", "scripts", "e2e", "perf", "docs", "compose", "nginx"],
  ...["Makefile", "package.json", "bun.lock", "bunfig.toml", ".env.example", ".slipstream-version"],
  ...["SECURITY.md", ".oxlintrc.json"],
];
const INSTALLED = [
  ".venv",
  ".tools",
  "node_modules",
  ...["web", "e2e", "perf", "scripts", "scripts/contract"].map((workspace) => `${workspace}/node_modules`),
];
const LEFT_OUT = new Set(["node_modules", ".next", "__pycache__", ".ruff_cache", ".pytest_cache"]);

/** Gives `use` the folder of a copy, which is gone afterwards; as from a clean clone where nothing is `installed`. */
export async function inCopy<T>(use: (copy: string) => Promise<T>, { installed = true } = {}): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), "slipstream-copy-"));
  chmodSync(copy, 0o755); // Postgres runs as another user when we are root
  try {
    for (const name of CODE.filter((name) => existsSync(join(root, name))))
      cpSync(join(root, name), join(copy, name), {
        recursive: true,
        filter: (source) => !LEFT_OUT.has(source.split("/").at(-1)!),
      });
    for (const name of installed ? INSTALLED : [])
      if (existsSync(join(root, name))) symlinkSync(join(root, name), join(copy, name));
    return await use(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}
