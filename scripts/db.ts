// The development database: init, migrate, revision, downgrade, reset, shell, and an administrator for it. Where the embedded Postgres isn't
// running, it runs for the length of the command.
import { existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";

import { isEmbedded, variables, type Variables } from "./lib/env.ts";
import { main, Sentence } from "./lib/errors.ts";
import { guarded } from "./lib/guarded.ts";
import { developmentPlan } from "./lib/parts.ts";
import { api, python } from "./lib/paths.ts";
import { isFree } from "./lib/ports.ts";
import { onPath } from "./lib/privileges.ts";
import { postgresReady, until } from "./lib/ready.ts";
import { runToEnd } from "./lib/run.ts";
import { postgresBinaries, postgresCommand, preparePostgres } from "./lib/servers.ts";
import { Stamp } from "./lib/stamp.ts";

// Everything of ours is in this schema. What the app role may do comes back by the owner's default privileges.
const EMPTY =
  "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC;";

await main(async () => {
  const [command = "", ...args] = process.argv.slice(2);
  const set = variables();
  const { folder, ports, secrets, env } = developmentPlan("dev", set);
  const alembic = (...words: string[]) => runToEnd([python, "-m", "alembic", ...words], { cwd: api, env });
  const psql = (...words: string[]) => runToEnd([psqlBinary(), ownersUrl(env), ...words], { env });
  const init = async () =>
    (await alembic("upgrade", "head")) || (await runToEnd([python, "-m", "app.seed"], { cwd: api, env }));

  const commands: Record<string, () => Promise<number>> = {
    init,
    migrate: async () => (await alembic("upgrade", ...(args.length ? args : ["head"]))) || (await alembic("current")),
    revision: () => {
      if (!args[0]) throw new Sentence('Say what it does: make db-revision ARGS="add a column"');
      return alembic("revision", "--autogenerate", "-m", args.join(" "));
    },
    downgrade: async () => (await alembic("downgrade", ...(args.length ? args : ["-1"]))) || (await alembic("current")),
    reset: async () => (await psql("--quiet", "--set=ON_ERROR_STOP=1", "--command", EMPTY)) || (await init()),
    shell: () => psql(...args),
    admin: () => runToEnd([python, "-m", "app.admin", ...args], { cwd: api, env }),
  };
  const run = commands[command];
  if (!run) throw new Sentence(`Usage: db.ts ${Object.keys(commands).join(" | ")}`);
  if (command === "reset" && !(await confirmed(env))) return 1;

  if (command !== "shell" && command !== "admin") new Stamp(folder).remove();
  if (!isEmbedded(set).postgres || (await postgresReady(ports.postgres))) return run();
  if (!(await isFree(ports.postgres)))
    throw new Sentence(`Port ${ports.postgres} is in use: choose another by POSTGRES_PORT.`);
  mkdirSync(join(folder, "logs"), { recursive: true });
  preparePostgres(folder, secrets);
  const output = openSync(join(folder, "logs", "postgres.log"), "a");
  const server = guarded(postgresCommand(folder, ports.postgres), { cwd: "/", signal: "INT", output });
  try {
    const gaveUp = () => server.process.exitCode !== null;
    if (!(await until(() => postgresReady(ports.postgres), { timeout: 30_000, gaveUp }))) {
      throw new Sentence("Postgres did not start: make logs ARGS=postgres");
    }
    return await run();
  } finally {
    await server.end();
  }
});

const ownersUrl = (env: Variables): string => env["MIGRATION_DATABASE_URL"] ?? env["DATABASE_URL"]!;

async function confirmed(env: Variables): Promise<boolean> {
  if (process.env["CONFIRM"] === "1") return true;
  const { host, pathname } = new URL(ownersUrl(env));
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`This empties the database ${pathname.slice(1)} on ${host}. Go on? [y/N] `);
  terminal.close();
  if (/^y(es)?$/i.test(answer.trim())) return true;
  console.log("Nothing was changed.");
  return false;
}

function psqlBinary(): string {
  const ours = join(postgresBinaries(), "psql");
  const file = existsSync(ours) ? ours : onPath("psql");
  if (!file) throw new Sentence("There is no psql here: install Postgres's client.");
  return file;
}
