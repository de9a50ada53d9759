// A stack of one's own for a test: in a temporary folder, on free ports, with secrets that nobody needs afterwards.
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { appEnv, socketPath, type Variables, variables } from "./env.ts";
import { releasePage } from "./page.ts";
import { root } from "./paths.ts";
import { freePorts } from "./ports.ts";
import { newSecrets } from "./secrets.ts";
import { type Name, type Plan } from "./services.ts";
import { Stack } from "./stack.ts";

// What of the developer's environment must not reach a test: his database, his keys, his ports.
const OURS =
  /^(DATABASE_URL|SMTP_URL|EMAIL_VERIFICATION|MIGRATION_DATABASE_URL|REDIS_URL|CELERY_BROKER_URL|JWT_KEYS|SECRET_KEY|SITE_URL|API_URL|ENVIRONMENT|GENERATOR|OPENAI_.*|(GOOGLE|GITHUB|DISCORD|OIDC)_CLIENT_.*|OIDC_ISSUER|.*_PORT)$/;

/** Not started yet. `set` adds to what the environment says; `more` are APIs and workers beyond the first. */
export async function throwAway(
  names: readonly Name[],
  set: Variables = {},
  more = { apis: 0, workers: 0 },
): Promise<{ stack: Stack; end: (logs: string) => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-stack-"));
  chmodSync(folder, 0o711); // as root, Postgres's user has to pass through
  const given: Variables = {};
  for (const [name, value] of Object.entries(variables(process.env, ""))) if (!OURS.test(name)) given[name] = value;
  const [web, api, postgres, valkey, ...apis] = (await freePorts(4 + more.apis)) as [number, number, number, number];
  const ports = { web, api, postgres, valkey };
  const secrets = newSecrets();
  const env = {
    ...appEnv({ ...given, ENVIRONMENT: "test", ...set }, ports, secrets),
    CONTROL_SOCKET: socketPath(folder, "control"),
  };
  const page = join(folder, "page");
  // A page that is built while its tests run would be another one under their hands, or half of one.
  if (names.includes("web")) releasePage(page);
  const plan: Plan = { folder, ports, secrets, env, page, mode: "production", more: { apis, workers: more.workers } };
  const stack = new Stack(folder, plan, names, {});
  return {
    stack,
    /** Ends it all; the logs outlive it in `.data/reports`, for whoever has to find out why a test failed. */
    end: async (logs) => {
      await stack.stop();
      const kept = join(root, ".data", "reports", logs);
      rmSync(kept, { recursive: true, force: true });
      if (existsSync(join(folder, "logs"))) cpSync(join(folder, "logs"), kept, { recursive: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
