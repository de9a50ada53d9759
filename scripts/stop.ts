// `make stop`: ends what `make dev`, `make dev-api`, `make dev-web` and `make start-prod` started here, also after their
// launchers or supervisors were killed.
//   node scripts/stop.ts [dev | prod]
import { ask } from "./lib/control.ts";
import { main, Sentence } from "./lib/errors.ts";
import { controlSocket, folderOf, type Part, PARTS, stackName } from "./lib/parts.ts";
import { endLeftovers } from "./lib/processes.ts";
import { productionLock, stopProduction } from "./lib/production.ts";

await main(async () => {
  const [which] = process.argv.slice(2);
  if (which !== undefined && which !== "dev" && which !== "prod") throw new Sentence("Usage: stop.ts [dev | prod]");
  let ended = 0;
  for (const part of which === "prod" ? [] : (Object.keys(PARTS) as Part[])) {
    if ((await ask(controlSocket(part), "stop")) !== null) ended++;
    ended += await endLeftovers(stackName(part), folderOf(part));
  }
  if (which !== "dev") {
    if ((await ask(productionLock, "stop")) !== null) ended++; // one that is just starting
    if (await stopProduction()) ended++;
  }
  console.log(ended > 0 ? "Stopped." : "Nothing was running.");
});
