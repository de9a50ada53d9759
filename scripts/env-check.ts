// `make env-check`: is .env.example what the settings say, and are the present settings sound?
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { PORT_VARIABLES, variables } from "./lib/env.ts";
import { main, Sentence } from "./lib/errors.ts";
import { developmentPlan } from "./lib/parts.ts";
import { api, python, root } from "./lib/paths.ts";
import { outputOf, runToEnd } from "./lib/run.ts";

await main(async () => {
  const file = join(root, ".env.example");
  const example = outputOf([python, "-m", "app.settings", "example"], api);
  if (process.argv.includes("--write")) {
    writeFileSync(file, example);
    console.log("Wrote .env.example.");
  } else if (!existsSync(file) || readFileSync(file, "utf8") !== example) {
    throw new Sentence(".env.example differs from the settings: make env-check ARGS=--write");
  }

  // What the launcher makes up rests on the ports: a wrong one is told by the check, with all other problems.
  const set = variables();
  const ports = Object.fromEntries(Object.values(PORT_VARIABLES).map(([name]) => [name, set[name]]));
  const others = Object.fromEntries(Object.entries(set).filter(([name]) => !(name in ports)));
  const env = { ...developmentPlan("dev", others).env, ...ports };
  return runToEnd([python, "-m", "app.settings", "check"], { cwd: api, env });
});
