// Runs a command beside a whole stack as in production, for the browser's tests:
//   node scripts/with-stack.ts -- <command> [arguments]
// The built page, the API without reload, worker, beat, Postgres and Valkey, under a supervisor, on free ports and in a
// temporary folder. The command finds them by BASE_URL and API_URL; `node scripts/status.ts --socket "$STACK_SOCKET"`
// with FORMAT=json tells it their pids.
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hold } from "./lib/control.ts";
import { appEnv, socketPath, type Variables, variables } from "./lib/env.ts";
import { main, Sentence } from "./lib/errors.ts";
import { root, web } from "./lib/paths.ts";
import { freePorts } from "./lib/ports.ts";
import { runToEnd } from "./lib/run.ts";
import { newSecrets } from "./lib/secrets.ts";
import { NAMES } from "./lib/services.ts";
import { Stack } from "./lib/stack.ts";

// What of the developer's environment must not reach a test: his database, his keys, his ports.
const OURS =
  /^(DATABASE_URL|MIGRATION_DATABASE_URL|REDIS_URL|CELERY_BROKER_URL|JWT_KEYS|SITE_URL|API_URL|ENVIRONMENT|GENERATOR|OPENAI_.*|.*_PORT)$/;

await main(async () => {
  const split = process.argv.indexOf("--");
  const command = process.argv.slice(split + 1);
  if (split === -1 || command.length === 0) throw new Sentence("Usage: with-stack.ts -- <command>");
  if (!existsSync(join(web, ".next", "standalone", "web", "server.js")))
    throw new Sentence("There is no build of the page: make build-web.");

  const folder = mkdtempSync(join(tmpdir(), "slipstream-stack-"));
  chmodSync(folder, 0o711); // as root, Postgres's user has to pass through
  const set: Variables = {};
  for (const [name, value] of Object.entries(variables(process.env, ""))) if (!OURS.test(name)) set[name] = value;
  const [webPort, apiPort, postgres, valkey] = (await freePorts(4)) as [number, number, number, number];
  const ports = { web: webPort, api: apiPort, postgres, valkey };
  const secrets = newSecrets();
  const env = appEnv({ ...set, ENVIRONMENT: "test" }, ports, secrets);
  const stack = new Stack(folder, { folder, ports, secrets, env, mode: "production" }, NAMES, {});
  const socket = socketPath(folder, "control");
  const lock = await hold(socket, { status: () => stack.status(), stop: () => stack.stop() });

  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await stack.stop();
    lock?.close();
    keepLogs(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = () => void stop().then(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupted);
  try {
    await stack.start((name, seconds) => console.log(`  ${name.padEnd(11)} ready   ${seconds.toFixed(1)} s`));
    const address = {
      BASE_URL: env["SITE_URL"]!,
      API_URL: env["API_URL"]!,
      STACK_SOCKET: socket,
      STACK_LOGS: join(folder, "logs"),
    };
    return await runToEnd(command, { env: { ...process.env, ...address } });
  } finally {
    await stop();
  }
});

/** The logs outlive the stack, for whoever has to find out why a test failed. */
function keepLogs(folder: string): void {
  const kept = join(root, ".data", "reports", "stack-logs");
  rmSync(kept, { recursive: true, force: true });
  if (existsSync(join(folder, "logs"))) cpSync(join(folder, "logs"), kept, { recursive: true });
}
