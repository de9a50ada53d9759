// `make status`: exit code 0 when all is up, 1 when partly, 2 when nothing runs. FORMAT=json prints JSON.
//   node scripts/status.ts [dev | prod]     production, where it runs, unless told
//   node scripts/status.ts --socket <control socket of another stack>
import { ask, type ServiceStatus, type StackStatus } from "./lib/control.ts";
import { main, Sentence } from "./lib/errors.ts";
import { running } from "./lib/parts.ts";
import { productionStatus } from "./lib/production.ts";
import { NAMES } from "./lib/services.ts";
import { table } from "./lib/table.ts";

await main(async () => {
  const { services: known, orphans } = await found(process.argv.slice(2));
  const services = NAMES.flatMap((name): ServiceStatus[] => {
    const all = known.filter((service) => service.name.replace(/-\d+$/, "") === name);
    return all.length > 0 ? all : [{ name, state: "stopped", pid: null, port: null, ready: false }];
  });
  console.log(process.env["FORMAT"] === "json" ? JSON.stringify({ services }) : table({ services }));
  if (services.every(({ ready }) => ready)) return 0;
  return orphans > 0 || known.some(({ state }) => state !== "stopped" && state !== "external") ? 1 : 2;
});

interface Found extends StackStatus {
  /** Processes that run on although what kept them was killed. */
  orphans: number;
}

async function found([which, socket]: string[]): Promise<Found> {
  if (which === "--socket") return { services: (await ask(socket!, "status"))?.services ?? [], orphans: 0 };
  if (which !== undefined && which !== "dev" && which !== "prod") throw new Sentence("Usage: status.ts [dev | prod]");
  const production = which === "dev" ? null : await productionStatus();
  const developed = which === "prod" ? [] : await running();
  if (production && developed.length > 0) console.error("make dev runs here, too: make status ARGS=dev");
  if (production && production.orphans > 0)
    console.error(
      `The supervisor of make start-prod was killed and ${production.orphans} processes run on without it: ` +
        "make start-prod or make stop ends them.",
    );
  return production ?? { services: developed.flatMap(({ status }) => status.services), orphans: 0 };
}
