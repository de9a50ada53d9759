// `.env`, written by us only where it must be: variables that are missing are appended, a person's lines stay.
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

import { variables, type Variables } from "./env.ts";
import { Sentence } from "./errors.ts";
import { root } from "./paths.ts";
import { newSecrets } from "./secrets.ts";

const FILE = join(root, ".env");

/** What a production stack needs and nobody should have to invent; JWT_KEYS signs the sessions. */
export const SECRETS = {
  POSTGRES_PASSWORD: "superuser",
  MIGRATION_DATABASE_PASSWORD: "owner",
  DATABASE_PASSWORD: "app",
  REDIS_PASSWORD: "valkey",
  JWT_KEYS: "jwtKeys",
  SECRET_KEY: "secretKey",
} as const;

/** Those that are there only when somebody has them. */
export const OPTIONAL_SECRETS = [
  "OPENAI_API_KEY",
  "GOOGLE_CLIENT_SECRET",
  "GITHUB_CLIENT_SECRET",
  "DISCORD_CLIENT_SECRET",
  "OIDC_CLIENT_SECRET",
  "SMTP_URL",
  "STREAMING_PROXY_KEY",
] as const;

/** New values for all of SECRETS. */
export function generatedSecrets(): Variables {
  const secrets = newSecrets();
  return Object.fromEntries(Object.entries(SECRETS).map(([name, part]) => [name, secrets[part]]));
}

/**
 * Appends those of `wanted` that neither `.env` nor the environment has, with a comment above the first of them, and
 * returns what then holds: the environment, then `.env`. The file is its owner's only.
 */
export function ensureEnv(
  wanted: Variables,
  { file = FILE, real = process.env, comment = "" }: { file?: string; real?: NodeJS.ProcessEnv; comment?: string } = {},
): Variables {
  const set = variables(real, file);
  const missing = Object.entries(wanted).filter(([name]) => !set[name]);
  if (missing.length) {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    const lines = missing.map(([name, value]) => line(name, value));
    write(file, [...(text.trim() ? [text.trimEnd(), ""] : []), ...(comment ? [`# ${comment}`] : []), ...lines]);
  } else if (existsSync(file)) chmodSync(file, 0o600);
  return variables(real, file);
}

/** Makes `.env` say exactly these: the line of one that is there is replaced where it stands, null takes it away. */
export function setEnv(values: Record<string, string | null>, file = FILE): void {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const present = parseEnv(text);
  const changed = Object.entries(values).filter(([name, value]) => (present[name] ?? null) !== value);
  if (!changed.length) return;

  let lines = text ? text.trimEnd().split("\n") : [];
  for (const [name, value] of changed) {
    const own = lines.findLast((text) => isLineOf(name, text)) ?? "";
    if (parseEnv(own)[name] !== present[name])
      throw new Sentence(`${name} goes over several lines in ${file}: change it there.`);
    const at = lines.findIndex((text) => isLineOf(name, text));
    lines = lines.filter((text, index) => index === at || !isLineOf(name, text));
    if (value === null) {
      if (at !== -1) lines.splice(at, 1);
    } else if (at === -1) lines.push(line(name, value));
    else lines[at] = line(name, value);
  }
  write(file, lines);
}

/**
 * Writes one file per secret for the containers, and returns a fingerprint of them all. They run under ids of their
 * own, so that the files are everybody's to read and the folder keeps everybody else of the machine out.
 */
export function writeSecretFiles(set: Variables, folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const all = [...Object.keys(SECRETS), ...OPTIONAL_SECRETS].map(
    (name) => [name.toLowerCase(), set[name] ?? ""] as const,
  );
  for (const [name, value] of all) {
    const file = join(folder, name);
    const before = existsSync(file) ? readFileSync(file, "utf8") : null;
    if (before === value) continue;
    // In place: a running container has this very file mounted.
    if (before !== null) chmodSync(file, 0o644);
    writeFileSync(file, value);
    chmodSync(file, 0o444);
  }
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

const isLineOf = (name: string, text: string): boolean => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(text);

/** One line that Node, Compose and a shell read alike. */
function line(name: string, value: string): string {
  if (/^[\w@%+:,./=-]*$/.test(value)) return `${name}=${value}`;
  // At the end Compose takes a backslash for one of the quote; Node drops a carriage return.
  if (!/['\r\n]|\\$/.test(value)) return `${name}='${value}'`;
  if (!/["\r\n$\\`]/.test(value)) return `${name}="${value}"`;
  throw new Sentence(
    `${name} has signs that .env can't hold: a quote together with one of " $ \\ \`, a backslash at the end, or a new line.`,
  );
}

function write(file: string, lines: string[]): void {
  writeFileSync(`${file}.new`, lines.join("\n") + "\n", { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}
