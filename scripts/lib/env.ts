// The environment of a stack: what the real environment says, then `.env`, then what we make up for this machine.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";

import { Sentence } from "./errors.ts";
import { root } from "./paths.ts";
import type { Secrets } from "./secrets.ts";
import { DATABASE } from "./servers.ts";

export type Variables = Record<string, string>;

export interface Ports {
  web: number;
  api: number;
  postgres: number;
  valkey: number;
}

export const PORT_VARIABLES = {
  web: ["WEB_PORT", 3000],
  api: ["API_PORT", 8000],
  postgres: ["POSTGRES_PORT", 54329],
  valkey: ["VALKEY_PORT", 63790],
} as const satisfies Record<keyof Ports, readonly [string, number]>;

/** `.env` with the real environment over it. An empty value in the file is no value. */
export function variables(real: NodeJS.ProcessEnv = process.env, file = join(root, ".env")): Variables {
  const written = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  const set: Variables = {};
  for (const [name, value] of Object.entries(written)) if (value) set[name] = value;
  for (const [name, value] of Object.entries(real)) if (value !== undefined) set[name] = value;
  return set;
}

/** The four ports; throws a sentence when one is no port or two are the same. */
export function portsOf(set: Variables): Ports {
  const used = new Map<number, string>();
  const port = (service: keyof Ports): number => {
    const [name, usual] = PORT_VARIABLES[service];
    const value = set[name] ? Number(set[name]) : usual;
    if (!Number.isInteger(value) || value < 1 || value > 65535) {
      throw new Sentence(`${name} has to be a port, a number from 1 to 65535, but is "${set[name]}".`);
    }
    const other = used.get(value);
    if (other) throw new Sentence(`${other} and ${name} are both ${value}: give each a port of its own.`);
    used.set(value, name);
    return value;
  };
  return { web: port("web"), api: port("api"), postgres: port("postgres"), valkey: port("valkey") };
}

/** A secret may be in a file instead, which `<variable>_FILE` names. */
const isSet = (set: Variables, name: string): boolean => Boolean(set[name] || set[`${name}_FILE`]);

/** Whether each server is ours to run: a URL that is set wins. */
export const isEmbedded = (set: Variables): { postgres: boolean; valkey: boolean } => ({
  postgres: !isSet(set, "DATABASE_URL"),
  valkey: !isSet(set, "REDIS_URL"),
});

/** Everything the app reads, for development and tests on this machine. */
export function appEnv(set: Variables, ports: Ports, secrets: Secrets): Variables {
  const database = (user: string, password: string) =>
    `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${ports.postgres}/${DATABASE}`;
  const embedded = isEmbedded(set);
  const made: Variables = {
    ENVIRONMENT: "development",
    SITE_URL: `http://localhost:${ports.web}`,
    API_URL: `http://127.0.0.1:${ports.api}`,
    WEB_PORT: String(ports.web),
    API_PORT: String(ports.api),
    POSTGRES_PORT: String(ports.postgres),
    VALKEY_PORT: String(ports.valkey),
    JWT_KEYS: secrets.jwtKeys,
    SECRET_KEY: secrets.secretKey,
    // Next forwards to the API: it can't tell one client's address from another's.
    BEHIND_WEB: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    PYTHONUNBUFFERED: "1",
  };
  if (embedded.postgres) {
    made["DATABASE_URL"] = database("slipstream_app", secrets.app);
    made["MIGRATION_DATABASE_URL"] = database("slipstream_owner", secrets.owner);
  }
  if (embedded.valkey) made["REDIS_URL"] = `redis://:${encodeURIComponent(secrets.valkey)}@127.0.0.1:${ports.valkey}/0`;

  const env: Variables = {};
  for (const [name, value] of Object.entries(made)) if (!set[`${name}_FILE`]) env[name] = value;
  for (const [name, value] of Object.entries(set)) if (value !== "" || !(name in made)) env[name] = value;
  // Where a shell forbids bytecode, each of four Python processes would compile all its packages at every start.
  delete env["PYTHONDONTWRITEBYTECODE"];
  return env;
}

/** A short path for a Unix socket of this folder: macOS allows 104 bytes, and a project's path may be longer. */
export function socketPath(folder: string, name: string): string {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  return join(tmpdir(), `slipstream-${hash}-${name}.sock`);
}
