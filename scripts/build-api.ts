// `make build-api`: Python has nothing to link, so a build is: every file compiles, and app and worker import.
import { main } from "./lib/errors.ts";
import { developmentPlan } from "./lib/parts.ts";
import { api, python } from "./lib/paths.ts";
import { runToEnd } from "./lib/run.ts";

const IMPORT = "import app.main, app.worker; app.main.create_app(); print('The API and the worker are sound.')";

await main(async () => {
  const env = developmentPlan("dev").env;
  const compiled = await runToEnd([python, "-m", "compileall", "-q", "app", "migrations"], { cwd: api, env });
  return compiled || (await runToEnd([python, "-c", IMPORT], { cwd: api, env }));
});
