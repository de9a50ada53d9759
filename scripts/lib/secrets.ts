// The passwords and keys of one stack on this machine, made once and readable by their owner only.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { newKey } from "./key-ring.ts";

export interface Secrets {
  superuser: string;
  owner: string;
  app: string;
  valkey: string;
  jwtKeys: string;
  secretKey: string;
}

const password = (): string => randomBytes(24).toString("base64url");

export function newSecrets(): Secrets {
  return {
    superuser: password(),
    owner: password(),
    app: password(),
    valkey: password(),
    jwtKeys: JSON.stringify({ keys: [newKey()] }),
    secretKey: randomBytes(32).toString("base64url"),
  };
}

/** The stack's secrets, generated into `<folder>/secrets.json` the first time. */
export function secretsOf(folder: string): Secrets {
  const file = join(folder, "secrets.json");
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>) : {};
  // A folder of an earlier version lacks the newer ones.
  const secrets = { ...newSecrets(), ...kept };
  if (Object.keys(kept).length === Object.keys(secrets).length) return secrets;
  write(folder, secrets);
  return secrets;
}

/** Changes secrets of a stack that has some. */
export function changeSecrets(folder: string, changed: Partial<Secrets>): void {
  write(folder, { ...secretsOf(folder), ...changed });
}

function write(folder: string, secrets: Secrets): void {
  const file = join(folder, "secrets.json");
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(secrets, null, 2) + "\n", { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
