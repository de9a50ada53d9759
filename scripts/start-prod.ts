// `make start-prod`: builds and starts the production stack under a supervisor that goes on without us, says where it
// is once every part is ready, and leaves. Needs no terminal. What fails is said with the end of its log, and ended.
import { mkdirSync } from "node:fs";

import { hold } from "./lib/control.ts";
import { ensureEnv } from "./lib/dotenv.ts";
import { isEmbedded, variables, type Variables } from "./lib/env.ts";
import { main, Sentence } from "./lib/errors.ts";
import { buildPage, releasePage } from "./lib/page.ts";
import { holderOf } from "./lib/parts.ts";
import { api, python, stackFolder } from "./lib/paths.ts";
import {
  generatedFor,
  productionLock,
  productionPage,
  productionPlan,
  productionStack,
  productionStatus,
  stopProduction,
  writeDown,
} from "./lib/production.ts";
import { until } from "./lib/ready.ts";
import { outputOf, runToEnd } from "./lib/run.ts";
import type { Stack } from "./lib/stack.ts";
import { table } from "./lib/table.ts";

const FOR_REAL = "DATABASE_URL, REDIS_URL, JWT_KEYS, SECRET_KEY and SITE_URL";

await main(async () => {
  const before = await productionStatus();
  if (before && before.orphans === 0) {
    console.log("Already running here. To start it anew, with the code as it is now: make stop start-prod\n");
    console.log(table(before));
    return 1;
  }

  const given = variables();
  const set = ensureEnv(generatedFor(given), { comment: "Made up by make start-prod for the servers of its own." });
  const stack = productionStack(productionPlan(set), set);
  const lock = await hold(productionLock, { status: () => stack.status(), stop: () => stop() });
  if (!lock) throw new Sentence("Another make start-prod of this folder is just starting.");

  let hasBegun = false;
  let isUp = false;
  let ending = false;
  const stop = async () => {
    if (!ending && hasBegun) console.log("Ending what was started …");
    ending = true;
    await stack.stop();
    await stopProduction();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop());

  try {
    const checked = await runToEnd([python, "-m", "app.settings", "check"], {
      cwd: api,
      env: stack.plan.env,
      quiet: true,
    });
    if (checked !== 0) throw new Sentence("Nothing was started. Set these in the environment or in .env.");
    const left = await stack.clear(holderOf);
    if (left > 0) console.log(`Ended ${left} processes that an earlier start had left behind.`);

    const build = seconds();
    console.log("Building the page …");
    await buildPage({ quiet: true });
    if (ending) return 1;
    mkdirSync(stackFolder("prod"), { recursive: true, mode: 0o711 });
    releasePage(productionPage);
    report("build", build());

    hasBegun = true;
    writeDown(stack.plan, set);
    await stack.start(report);
    if (ending) return 1;
    await allReady(stack);
    // Last: its password is said once, so nothing may fail between the two.
    const account = await firstAccount(stack.plan.env);
    announce(stack, set, account);
    isUp = true;
    return 0;
  } catch (error) {
    if (!ending) throw error;
    return 1;
  } finally {
    if (!isUp) await stop();
    lock.close();
  }
});

function seconds(): () => number {
  const begun = performance.now();
  return () => (performance.now() - begun) / 1000;
}

function report(name: string, after: number): void {
  console.log(`  ${name.padEnd(11)} ready   ${after.toFixed(1)} s`);
}

/** What was ready may have ended while the others started. */
async function allReady(stack: Stack): Promise<void> {
  let down: string[] = [];
  const look = async () => {
    const { services } = await stack.status();
    down = services.filter(({ ready }) => !ready).map(({ name }) => name);
    return down.length === 0;
  };
  if (!(await until(look, { timeout: 15_000 })))
    throw new Sentence(`${down.join(" and ")} got ready, but didn't stay so. The logs: ${stack.logs}`);
}

interface Account {
  email: string;
  password: string;
}

/** The account that nobody had made yet; null when there is one already. */
async function firstAccount(env: Variables): Promise<Account | null> {
  const said = outputOf([python, "-m", "app.first_account"], api, env).trim();
  return said ? (JSON.parse(said) as Account) : null;
}

function announce({ plan, logs }: Stack, set: Variables, account: Account | null): void {
  const { env, ports } = plan;
  const embedded = isEmbedded(set);
  const own = [...(embedded.postgres ? ["Postgres"] : []), ...(embedded.valkey ? ["Valkey"] : [])];
  console.log(`\n  The app    ${env["SITE_URL"]}`);
  if (new URL(env["SITE_URL"]!).port !== String(ports.web))
    console.log(`             your proxy forwards it to http://127.0.0.1:${ports.web}`);
  console.log(`  The API    http://127.0.0.1:${ports.api}/api/readyz`);
  console.log(`  Logs       ${logs}`);
  if (account)
    console.log(`\n  Sign in as ${account.email} with ${account.password}\n  This is said once: write it down.`);
  if (own.length > 0)
    console.log(
      `\n  This is a trial: it runs ${own.join(" and ")} of its own, with data in .data/prod and secrets in .env. ` +
        `For real set ${FOR_REAL}.`,
    );
  console.log("\n  It runs on without this terminal: make status, make logs, make stop.");
}
