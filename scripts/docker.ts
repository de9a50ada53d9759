// `make docker-…`: the production stack in containers.
//   node scripts/docker.ts up|down|logs|restart|build|status|clean [services or options for Compose]
import { createInterface } from "node:readline/promises";

import {
  checkDocker,
  compose,
  composeToEnd,
  config,
  containers,
  docker,
  failed,
  isWell,
  type Container,
} from "./lib/compose.ts";
import { prepareEnv } from "./lib/docker-env.ts";
import { up } from "./lib/docker-up.ts";
import { main, Sentence } from "./lib/errors.ts";
import { until } from "./lib/ready.ts";

/** What the compose files build. */
const BUILT = ["api", "web", "nginx", "acme", "web-dev", "nginx-dev"];

const [command = "", ...args] = process.argv.slice(2);

const COMMANDS: Record<string, () => Promise<number>> = {
  up: () => up(args),
  down: () => composeToEnd("down", "--remove-orphans", ...args),
  logs: () => composeToEnd("logs", "--follow", "--tail", "100", ...args),
  restart,
  build: () => {
    prepareEnv();
    return composeToEnd("build", ...args);
  },
  status: async () => status(),
  clean,
};

/** Ends when what was restarted works again, so that the next command finds it. */
async function restart(): Promise<number> {
  const code = await composeToEnd("restart", ...args);
  if (code !== 0) return code;
  if (await until(async () => containers().every(isWell), { timeout: 120_000 })) return 0;
  console.error(
    `Not well two minutes later: ${failed(containers())
      .map(({ Name }) => Name)
      .join(", ")}; make docker-logs`,
  );
  return 1;
}

/** 0 when all is well, 1 when something isn't, 2 when nothing runs. */
function status(): number {
  const all = containers();
  const services = all.map((one) => ({ name: one.Service, container: one.Name, state: said(one), ready: isUp(one) }));
  if (process.env["FORMAT"] === "json") console.log(JSON.stringify({ services }));
  else for (const { container, state } of services) console.log(`  ${container.padEnd(28)}${state}`);

  const running = new Set(all.filter(({ State }) => State === "running").map(({ Service }) => Service));
  if (!running.size) {
    if (process.env["FORMAT"] !== "json") console.log("Nothing runs: make docker-up");
    return 2;
  }
  const here = new Set(all.map(({ Service }) => Service));
  return all.every(isUp) && Object.keys(config().services).every((name) => here.has(name)) ? 0 : 1;
}

/** Only migrations may have ended. */
const isUp = (one: Container): boolean => isWell(one) && (one.Service === "migrate" || one.State === "running");

const said = ({ Service, State, Health, ExitCode }: Container): string =>
  State === "exited"
    ? ExitCode === 0
      ? Service === "migrate"
        ? "done"
        : "stopped"
      : `exited with ${ExitCode}`
    : State === "running"
      ? Health || State
      : State;

/** Removes what Docker has of this project: containers, networks, volumes, and the images that were built here. */
async function clean(): Promise<number> {
  const { name } = config();
  if (process.env["CONFIRM"] !== "1") {
    if (!process.stdin.isTTY) throw new Sentence("This removes the stack with its database: say so with CONFIRM=1.");
    const ask = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await ask.question(
      `This removes the stack "${name}": its containers, its images, its database. Go on? [y/N] `,
    );
    ask.close();
    if (!/^y(es)?$/i.test(answer)) {
      console.log("Nothing was removed.");
      return 1;
    }
  }
  const code = await composeToEnd("down", "--volumes", "--remove-orphans", "--timeout", "10");
  if (code !== 0) return code;
  // By their names, since another overlay than today's may have built them; not by a pattern, which could be another project's.
  const ours = BUILT.flatMap((part) => ["--filter", `reference=${name}-${part}`]);
  for (const image of docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", ...ours)
    .stdout.split("\n")
    .filter(Boolean))
    docker("image", "rm", image);
  console.log("Removed. The passwords stay in .env, for the next make docker-up.");
  return 0;
}

await main(async () => {
  const run = COMMANDS[command];
  if (!run) throw new Sentence(`usage: node scripts/docker.ts ${Object.keys(COMMANDS).join("|")}`);
  checkDocker();
  // A folder without .env has no stack that Compose could find.
  if (!["up", "build"].includes(command) && compose("config", "--quiet").status !== 0) prepareEnv();
  return run();
});
