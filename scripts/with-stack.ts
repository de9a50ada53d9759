// Runs a command beside a whole stack as in production, for the browser's tests:
//   node scripts/with-stack.ts -- <command> [arguments]
// The built page, the API without reload, worker, beat, Postgres and Valkey, under a supervisor, on free ports and in a
// temporary folder. The command finds them by BASE_URL and API_URL; `node scripts/status.ts --socket "$STACK_SOCKET"`
// with FORMAT=json tells it their pids. Mails are caught in the folder STACK_MAILS; STACK_ENV is the environment of its
// processes, for commands like `python -m app.admin`; its OIDC_ISSUER is an address at which nobody listens: the tests
// may run a provider there.
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hold } from "./lib/control.ts";
import { main, Sentence } from "./lib/errors.ts";
import { catchMails } from "./lib/mail-catcher.ts";
import { web } from "./lib/paths.ts";
import { freePorts } from "./lib/ports.ts";
import { runToEnd } from "./lib/run.ts";
import { NAMES } from "./lib/services.ts";
import { throwAway } from "./lib/throw-away.ts";

await main(async () => {
  const split = process.argv.indexOf("--");
  const command = process.argv.slice(split + 1);
  if (split === -1 || command.length === 0) throw new Sentence("Usage: with-stack.ts -- <command>");
  if (!existsSync(join(web, ".next", "standalone", "web", "server.js")))
    throw new Sentence("There is no build of the page: make build-web.");

  const mails = mkdtempSync(join(tmpdir(), "slipstream-mails-"));
  const catcher = await catchMails(mails);
  const [providerPort] = await freePorts(1);
  const { stack, end } = await throwAway(NAMES, {
    SMTP_URL: catcher.url,
    OIDC_ISSUER: `http://127.0.0.1:${providerPort}`,
    OIDC_CLIENT_ID: "slipstream",
    OIDC_CLIENT_SECRET: randomUUID(),
    OIDC_NAME: "Lighthouse",
  });
  const { folder, env } = stack.plan;
  const socket = env["CONTROL_SOCKET"]!;
  const lock = await hold(socket, { status: () => stack.status(), stop: () => stack.stop() });

  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    lock?.close();
    await end("stack-logs");
    catcher.close();
    rmSync(mails, { recursive: true, force: true });
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
      STACK_MAILS: mails,
      STACK_ENV: JSON.stringify(env),
    };
    return await runToEnd(command, { env: { ...process.env, ...address } });
  } finally {
    await stop();
  }
});
