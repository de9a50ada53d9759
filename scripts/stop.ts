// `make stop`: ends what `make dev`, `make dev-api` and `make dev-web` started here, also after they were killed.
import { ask } from "./lib/control.ts";
import { main } from "./lib/errors.ts";
import { controlSocket, folderOf, type Part, PARTS, stackName } from "./lib/parts.ts";
import { endLeftovers } from "./lib/processes.ts";

await main(async () => {
  let ended = 0;
  for (const part of Object.keys(PARTS) as Part[]) {
    if ((await ask(controlSocket(part), "stop")) !== null) ended++;
    ended += await endLeftovers(stackName(part), folderOf(part));
  }
  console.log(ended > 0 ? "Stopped." : "Nothing was running.");
});
