// A throw-away Postgres and Valkey with everything the app needs to reach them.
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Sentence } from "./errors.ts";
import { guarded, type Guarded } from "./guarded.ts";
import { freePorts } from "./ports.ts";
import { postgresReady, until, valkeyReady } from "./ready.ts";
import { newSecrets } from "./secrets.ts";
import { DATABASE, postgresCommand, preparePostgres, valkeyCommand } from "./servers.ts";

export interface TestServers {
  folder: string;
  env: Record<string, string>;
  end(): Promise<void>;
}

/** Starts both and resolves when both are ready. `end` stops them and removes their folder. */
export async function startTestServers(): Promise<TestServers> {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-"));
  chmodSync(folder, 0o711); // as root, Postgres's user has to pass through
  const servers: Guarded[] = [];
  const end = async () => {
    await Promise.all(servers.map((server) => server.end()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { folder, end, env: await start(folder, servers) };
  } catch (error) {
    await end();
    throw error;
  }
}

async function start(folder: string, servers: Guarded[]): Promise<Record<string, string>> {
  const secrets = newSecrets();
  const [postgresPort, valkeyPort] = (await freePorts(2)) as [number, number];
  const log = join(folder, "servers.log");
  const output = openSync(log, "w");
  preparePostgres(folder, secrets);
  servers.push(
    guarded(postgresCommand(folder, postgresPort, { throwAway: true }), { cwd: "/", signal: "INT", output }),
    guarded(valkeyCommand(folder, valkeyPort, secrets.valkey), { cwd: "/", output }),
  );
  closeSync(output);

  const gaveUp = () => servers.some((server) => server.process.exitCode !== null);
  const ready = await Promise.all([
    until(() => postgresReady(postgresPort), { timeout: 60_000, gaveUp }),
    until(() => valkeyReady(valkeyPort, secrets.valkey), { timeout: 60_000, gaveUp }),
  ]);
  if (ready.includes(false)) {
    const said = readFileSync(log, "utf8").trim().split("\n").slice(-5).join("\n");
    throw new Sentence(`The test servers did not start:\n${said}`);
  }

  const database = (user: string, password: string) =>
    `postgresql://${user}:${password}@127.0.0.1:${postgresPort}/${DATABASE}`;
  return {
    ENVIRONMENT: "test",
    SITE_URL: "http://localhost:3000",
    DATABASE_URL: database("slipstream_app", secrets.app),
    MIGRATION_DATABASE_URL: database("slipstream_owner", secrets.owner),
    TEST_SUPERUSER_DATABASE_URL: database("postgres", secrets.superuser),
    REDIS_URL: `redis://:${secrets.valkey}@127.0.0.1:${valkeyPort}/0`,
    JWT_KEYS: secrets.jwtKeys,
    SECRET_KEY: secrets.secretKey,
    BEHIND_WEB: "1", // all tests have one address
    SLIPSTREAM_TEST_SERVERS: "1",
  };
}
