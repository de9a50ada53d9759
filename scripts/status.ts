// `make status`: exit code 0 when all is up, 1 when partly, 2 when nothing runs. FORMAT=json prints JSON.
//   node scripts/status.ts [--socket <control socket of another stack>]
import { ask, type StackStatus } from "./lib/control.ts";
import { main } from "./lib/errors.ts";
import { running } from "./lib/parts.ts";
import { NAMES } from "./lib/services.ts";
import { table } from "./lib/table.ts";

await main(async () => {
  const at = process.argv.indexOf("--socket");
  const found: StackStatus[] =
    at === -1
      ? (await running()).map(({ status }) => status)
      : [(await ask(process.argv[at + 1]!, "status")) ?? { services: [] }];
  const known = found.flatMap(({ services }) => services);
  const services = NAMES.map(
    (name) =>
      known.find((service) => service.name === name) ?? { name, state: "stopped", pid: null, port: null, ready: false },
  );
  console.log(process.env["FORMAT"] === "json" ? JSON.stringify({ services }) : table({ services }));
  if (services.every(({ ready }) => ready)) return 0;
  return known.some(({ state }) => state !== "stopped" && state !== "external") ? 1 : 2;
});
