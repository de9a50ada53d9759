// `make contract-fuzz`: schemathesis against every operation of the contract, on a stack of its own:
// the API as in production with its worker, Postgres and Valkey. Signed in as a person is, by a cookie.
//   node scripts/contract-fuzz.ts [arguments of schemathesis]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { main, Sentence } from "./lib/errors.ts";
import { api, python } from "./lib/paths.ts";
import { outputOf, runToEnd } from "./lib/run.ts";
import { throwAway } from "./lib/throw-away.ts";

/** What a person may do is limited; what a fuzzer does in two minutes is more than that. */
const LIMITS = {
  OFFLINE_TOKENS_PER_SECOND: "5000",
  OFFLINE_TOKENS: "200",
  TASKS_RUNNING_PER_USER: "10000",
  TASKS_PER_DAY: "100000",
  LIMIT_TASKS: "off",
  LIMIT_DESIGNS: "off",
  LIMIT_EXPORTS: "off",
  LIMIT_PROFILE_CHANGES: "off",
  LIMIT_KEYS: "off",
  LIMIT_REFRESHES: "off",
  LIMIT_MAILS: "off",
  LIMIT_PASSWORD_CHANGES: "off",
  LIMIT_EMAIL_CHANGES: "off",
  STREAMS_PER_USER: "10000",
};

await main(async () => {
  const { stack, end } = await throwAway(["postgres", "valkey", "api", "worker", "beat"], LIMITS);
  const interrupted = () => void end("fuzz-logs").then(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupted);
  try {
    await stack.start((name, seconds) => console.log(`  ${name.padEnd(11)} ready   ${seconds.toFixed(1)} s`));
    const site = stack.plan.env["SITE_URL"]!;
    const url = `http://127.0.0.1:${stack.plan.ports.api}`;
    // Who signs out, renews a token twice or ends sessions needs one of his own: the others go on with theirs.
    const session = await signUp(url, site);
    const admin = await signUp(url, site, (email) => {
      outputOf([python, "-m", "app.admin", email], api, stack.plan.env);
    });
    const env = {
      ...process.env,
      FUZZ_SITE: site,
      FUZZ_COOKIE: session,
      FUZZ_OTHER_COOKIE: await signUp(url, site),
      FUZZ_REFRESHED_COOKIE: await signUp(url, site),
      FUZZ_ENDED_COOKIE: await signUp(url, site),
      FUZZ_ADMIN_COOKIE: admin,
    };
    const command = [python, "-m", "schemathesis.cli", "--config-file", join(api, "schemathesis.toml"), "run"];
    return await runToEnd([...command, documentOf(stack.plan.folder), "--url", url, ...process.argv.slice(2)], {
      cwd: api,
      env,
    });
  } finally {
    await end("fuzz-logs");
  }
});

/** The contract with its cookies as they are called on plain http: else the fuzzer would find them missing. */
function documentOf(folder: string): string {
  const file = join(folder, "openapi.json");
  writeFileSync(file, readFileSync(join(api, "openapi.json"), "utf8").replaceAll('"name": "__Host-', '"name": "'));
  return file;
}

/** A new account's cookies; with `between` those of a sign-in after that was done for its address. */
async function signUp(url: string, site: string, between?: (email: string) => void): Promise<string> {
  const name = crypto.randomUUID();
  const who = { email: `${name}@example.com`, password: crypto.randomUUID() };
  const cookies = await cookiesOf(`${url}/api/v1/auth/register`, site, { ...who, name: "Fuzz" });
  if (!between) return cookies;
  between(who.email);
  return cookiesOf(`${url}/api/v1/auth/login`, site, who);
}

async function cookiesOf(url: string, site: string, body: object): Promise<string> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: site },
    body: JSON.stringify(body),
  });
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0]);
  if (cookies.length === 0) throw new Sentence(`Nobody can sign in: ${answer.status} ${await answer.text()}`);
  return cookies.join("; ");
}
