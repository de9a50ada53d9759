// Runs a command with a Postgres and a Valkey of its own, for tests:
//   node scripts/with-servers.ts [--no-migrate] -- <command> [arguments]
// The servers live in a temporary folder on free ports, so nothing of the developer's is touched, and they end with
// the command, whichever way it ends.
import { main, Sentence } from "./lib/errors.ts";
import { api, python } from "./lib/paths.ts";
import { runToEnd } from "./lib/run.ts";
import { startTestServers } from "./lib/test-servers.ts";

await main(async () => {
  const split = process.argv.indexOf("--");
  const [file, ...args] = process.argv.slice(split + 1);
  if (split === -1 || file === undefined) throw new Sentence("Usage: with-servers.ts [--no-migrate] -- <command>");

  const servers = await startTestServers();
  try {
    const env = { ...process.env, ...servers.env };
    if (!process.argv.slice(2, split).includes("--no-migrate")) {
      const migrated = await runToEnd([python, "-m", "alembic", "upgrade", "head"], { cwd: api, env, quiet: true });
      if (migrated !== 0) throw new Sentence("The migrations failed; see above.");
    }
    return await runToEnd([file, ...args], { env });
  } finally {
    await servers.end();
  }
});
