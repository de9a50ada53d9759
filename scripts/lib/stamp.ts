// Remembers which migrations the embedded database has seen: two Python processes less at every start.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { api } from "./paths.ts";

export class Stamp {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, "migrated");
  }

  isCurrent(): boolean {
    return existsSync(this.#file) && readFileSync(this.#file, "utf8") === fingerprint();
  }

  write(): void {
    writeFileSync(this.#file, fingerprint());
  }

  /** To be called before anything else changes the database. */
  remove(): void {
    rmSync(this.#file, { force: true });
  }
}

function fingerprint(): string {
  const versions = join(api, "migrations", "versions");
  const migrations = readdirSync(versions)
    .filter((name) => name.endsWith(".py"))
    .toSorted();
  const hash = createHash("sha256");
  for (const file of [...migrations.map((name) => join(versions, name)), join(api, "app", "seed.py")]) {
    if (existsSync(file)) hash.update(file).update(readFileSync(file));
  }
  return hash.digest("hex");
}
