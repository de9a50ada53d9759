// `make admin EMAIL=…`: gives an account of this folder's stack the administrator's role: of the one that runs, else of
// development. In containers: docker compose exec api python -m app.admin …
//   EMAIL=ada@example.com node scripts/admin.ts [dev | prod]
import { join } from "node:path";

import { variables } from "./lib/env.ts";
import { main, Sentence } from "./lib/errors.ts";
import { running } from "./lib/parts.ts";
import { api, node, python, root } from "./lib/paths.ts";
import { productionPlan, productionStatus } from "./lib/production.ts";
import { runToEnd } from "./lib/run.ts";

await main(async () => {
  const email = process.env["EMAIL"]?.trim();
  if (!email) throw new Sentence("Say whom: make admin EMAIL=ada@example.com");
  const which = process.argv[2] ?? (await theOneThatRuns());
  if (which === "prod")
    return runToEnd([python, "-m", "app.admin", email], { cwd: api, env: productionPlan(variables()).env });
  if (which === "dev") return runToEnd([node, join(root, "scripts", "db.ts"), "admin", email]);
  throw new Sentence("Usage: make admin EMAIL=ada@example.com ARGS=dev|prod");
});

async function theOneThatRuns(): Promise<"dev" | "prod"> {
  const [development, production] = await Promise.all([running(), productionStatus()]);
  if (development.length > 0 && production)
    throw new Sentence("Two stacks of this folder run: say of which, by ARGS=dev or ARGS=prod.");
  return production ? "prod" : "dev";
}
