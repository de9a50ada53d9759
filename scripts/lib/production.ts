// The stack of `make start-prod`. Nothing of the launcher stays, so what it started is written down: whoever asks later
// needs neither the launcher's environment nor its `.env`.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import type { StackStatus } from "./control.ts";
import { generatedSecrets, SECRETS } from "./dotenv.ts";
import { appEnv, isEmbedded, portsOf, socketPath, type Variables } from "./env.ts";
import { Sentence } from "./errors.ts";
import { root, stackFolder } from "./paths.ts";
import { endLeftovers, marked } from "./processes.ts";
import type { Secrets } from "./secrets.ts";
import { NAMES, type Plan } from "./services.ts";
import { Stack } from "./stack.ts";
import { states } from "./supervisor.ts";

const folder = stackFolder("prod");
const record = join(folder, "stack.json");
const productionName = `${root}:prod`;
const productionLogs = join(root, "logs");
/** Where the running page is: a copy, so that a build or a test of the page in this folder doesn't disturb it. */
export const productionPage = join(folder, "page");
/** Held by the launcher while it starts; afterwards nobody does. */
export const productionLock = socketPath(root, "prod");

/** What may be made up. With servers of somebody's own nothing is a trial, and the keys have to be given. */
export function generatedFor(set: Variables): Variables {
  const { postgres, valkey } = isEmbedded(set);
  const isWanted = (name: keyof typeof SECRETS): boolean => {
    if (name === "REDIS_PASSWORD") return valkey;
    if (name === "JWT_KEYS" || name === "SECRET_KEY") return postgres && valkey && !set[`${name}_FILE`];
    return postgres;
  };
  return Object.fromEntries(
    Object.entries(generatedSecrets()).filter(([name]) => isWanted(name as keyof typeof SECRETS)),
  );
}

/** The plan; `set` has the secrets by now, or the settings will say which are missing. */
export function productionPlan(set: Variables, cores = availableParallelism()): Plan {
  const ports = portsOf(set);
  const given = Object.entries(SECRETS).map(([name, part]) => [part, set[name] ?? ""]);
  const secrets = Object.fromEntries(given) as Secrets;
  const workers = Number(set["WORKERS"] || 1);
  if (!Number.isInteger(workers) || workers < 1 || workers > 64)
    throw new Sentence(`WORKERS has to be a number from 1 to 64, but is "${set["WORKERS"]}".`);
  const env = appEnv(
    {
      ...set,
      ENVIRONMENT: set["ENVIRONMENT"] === "staging" ? "staging" : "production",
      API_WORKERS: set["API_WORKERS"] || String(Math.max(2, Math.min(cores, 4))),
      CONTROL_SOCKET: "",
    },
    ports,
    secrets,
  );
  return {
    folder,
    ports,
    env,
    secrets,
    mode: "production",
    more: { apis: [], workers: workers - 1 },
    logs: productionLogs,
    socket: socketPath(folder, "supervisor"),
    page: productionPage,
    outlives: true,
  };
}

const JUDGED_BY = new Set(["ENVIRONMENT", "SITE_URL", "REDIS_URL", "CELERY_BROKER_URL"]);

interface Written {
  plan: Plan;
  /** Which servers are not ours, as `isEmbedded` tells it. */
  set: Variables;
}

export const productionStack = (plan: Plan, set: Variables): Stack => new Stack(productionName, plan, NAMES, set);

/** Before anything of it starts. */
export function writeDown(plan: Plan, set: Variables): void {
  const embedded = isEmbedded(set);
  const theirs: Variables = {};
  if (!embedded.postgres) theirs["DATABASE_URL"] = "set";
  if (!embedded.valkey) theirs["REDIS_URL"] = "set";
  // Only what the readiness of a part is judged by: the rest is nobody's to read on a disk.
  const secrets: Secrets = {
    superuser: "",
    owner: "",
    app: "",
    valkey: plan.secrets.valkey,
    jwtKeys: "",
    secretKey: "",
  };
  const env = Object.fromEntries(Object.entries(plan.env).filter(([name]) => JUDGED_BY.has(name)));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${record}.new`, JSON.stringify({ plan: { ...plan, env, secrets }, set: theirs } satisfies Written), {
    mode: 0o600,
  });
  renameSync(`${record}.new`, record);
}

/** What was started last and not stopped since, or null. After a reboot nothing of it runs. */
function written(): Stack | null {
  if (!existsSync(record)) return null;
  const { plan, set } = JSON.parse(readFileSync(record, "utf8")) as Written;
  return productionStack(plan, set);
}

/** How the stack is; null when nothing of it runs. */
export async function productionStatus(): Promise<(StackStatus & { orphans: number }) | null> {
  const stack = written();
  if (!stack) return null;
  const isSupervised = await states(stack.plan.socket!).then(
    () => true,
    () => false,
  );
  const orphans = isSupervised ? 0 : marked(productionName).length;
  if (!isSupervised && orphans === 0) return null;
  return { ...(await stack.status()), orphans };
}

/** Ends it, whatever is left of it, also where the data's folder was removed meanwhile. False when there was nothing. */
export async function stopProduction(): Promise<boolean> {
  const ran = marked(productionName).length > 0;
  const stack = written();
  if (stack) await stack.stop();
  else await endLeftovers(productionName, folder);
  rmSync(record, { force: true });
  return ran;
}
