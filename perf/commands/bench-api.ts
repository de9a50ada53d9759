// `make bench-api`: what an answer of the API costs its process, against a hello of the bare server: node perf/run.ts bench-api
import { Sentence } from "../../scripts/lib/errors.ts";
import { ask, type Question } from "../lib/asker.ts";
import { type Budget, given, percentile, type Result } from "../lib/budgets.ts";
import { command, type Context, type Measure } from "../lib/command.ts";
import { cores, cpuSeconds, mustBeLinux, pin } from "../lib/proc.ts";
import { type Server, startServer } from "../lib/reference.ts";
import { Stand } from "../lib/stand.ts";

const FILES = 1_000;
/** More than a page has. */
const TASKS = 25;
/** What the planted fault takes of the server for every answer, in milliseconds. */
const BURNT = 5;
/** As `app.serve` has it. */
const SERVED = ["--loop", "uvloop", "--http", "httptools", "--no-server-header", "--no-proxy-headers"];

class Sides implements Context {
  readonly planted: boolean;
  readonly #stand: Stand;
  readonly #floor: Server;
  readonly #ours: Server;
  readonly #questions: Record<string, { server: Server; question: Question }>;

  private constructor(planted: boolean, stand: Stand, task: string, floor: Server, ours: Server) {
    this.planted = planted;
    this.#stand = stand;
    this.#floor = floor;
    this.#ours = ours;
    const get = (path: string): Question => ({ method: "GET", path, headers: stand.headers });
    const create: Question = {
      ...{ method: "POST", path: "/api/v1/tasks", body: JSON.stringify({ prompt: "A library of seeds" }) },
      headers: `${stand.headers}origin: ${stand.env["SITE_URL"]}\r\n`,
    };
    this.#questions = {
      hello: { server: floor, question: { method: "GET", path: "/", headers: "" } },
      signedIn: { server: ours, question: get("/bench/hello") },
      bareSignedIn: { server: ours, question: get("/bare/bench/hello") },
      task: { server: ours, question: get(`/api/v1/tasks/${task}`) },
      bareTask: { server: ours, question: get(`/bare/api/v1/tasks/${task}`) },
      twin: { server: ours, question: get(`/bench/twin/${task}`) },
      page: { server: ours, question: get("/api/v1/tasks?limit=20") },
      create: { server: ours, question: create },
    };
  }

  static async start(planted: boolean): Promise<Sides> {
    const [core, rest] = cores();
    pin(process.pid, rest);
    const stand = await Stand.start(["postgres", "valkey", "api"], core);
    const servers: Server[] = [];
    try {
      const [task] = (await stand.createTasks(TASKS)) as [string];
      await stand.stack.fell("api"); // it would take from the core of the one that is measured
      servers.push(await startServer("bench.floor:app", core, {}, ...SERVED, "--lifespan", "off"));
      const env = { ...stand.env, BENCH_BURN_MS: planted ? String(BURNT) : "0" };
      servers.push(await startServer("bench.answers:application", core, env, "--factory", ...SERVED));
      return new Sides(planted, stand, task, servers[0]!, servers[1]!);
    } catch (error) {
      for (const server of servers) await server.end();
      await stand.end();
      throw error;
    }
  }

  /** Neighbours are compared with each other; what writes comes last. */
  get names(): string[] {
    return Object.keys(this.#questions);
  }

  /** Asks for a while; CPU seconds of the server's process for an answer, and answers a second. */
  async asked(name: string, budget: Budget): Promise<Cost> {
    const { server, question } = this.#questions[name]!;
    const [cpu, from] = [cpuSeconds(server.pid), performance.now()];
    const count = await ask(server.port, question, given(budget, "connections"), given(budget, "seconds"));
    return { cpu: (cpuSeconds(server.pid) - cpu) / count, rate: (count / (performance.now() - from)) * 1_000 };
  }

  async end(): Promise<void> {
    await Promise.all([this.#floor.end(), this.#ours.end()]);
    await this.#stand.end();
  }
}

interface Cost {
  cpu: number;
  rate: number;
}

/** What each budget compares; the first is what is judged by. */
const COMPARED: Record<string, { of: readonly [string, string]; sample: (one: Cost, other: Cost) => number }> = {
  "api-signed-in": { of: ["hello", "signedIn"], sample: (hello, ours) => hello.cpu / ours.cpu },
  "api-task": { of: ["hello", "task"], sample: (hello, ours) => hello.cpu / ours.cpu },
  "api-page": { of: ["hello", "page"], sample: (hello, ours) => hello.cpu / ours.cpu },
  "api-create": { of: ["hello", "create"], sample: (hello, ours) => hello.cpu / ours.cpu },
  "api-twin": { of: ["twin", "task"], sample: (twin, ours) => twin.cpu / ours.cpu },
  "api-layers": { of: ["bareTask", "task"], sample: (bare, ours) => (1 - bare.cpu / ours.cpu) * 100 },
  "api-cpu": { of: ["hello", "task"], sample: (_, ours) => ours.cpu * 1_000 },
};

/** All sides take turns, so that what the machine does meanwhile meets all of them. */
const turns: Measure<Sides> = {
  ids: Object.keys(COMPARED),
  async run(sides, budgets) {
    const asked = new Set(budgets.flatMap(({ id }) => COMPARED[id]!.of));
    const names = sides.names.filter((name) => asked.has(name));
    const costs: Record<string, Cost[]> = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = -1; round < Math.max(...budgets.map(({ samples }) => samples)); round++)
      for (const name of names) {
        const cost = await sides.asked(name, budgets[0]!);
        if (round >= 0) costs[name]!.push(cost); // the first is for caches and connections
      }
    return Object.fromEntries(budgets.map((budget) => [budget.id, judged(budget, costs)]));
  },
};

function judged({ id }: Budget, costs: Record<string, Cost[]>): Result {
  const { of, sample } = COMPARED[id]!;
  const [one, other] = of.map((name) => costs[name]!) as [Cost[], Cost[]];
  if (other.some(({ cpu }) => cpu === 0)) throw new Sentence("It was too short to see what it costs.");
  const said = of.map(
    (name) => `${name} ${median(costs[name]!, "cpu", 1e6)} µs, ${median(costs[name]!, "rate")} a second`,
  );
  return { samples: other.map((cost, round) => sample(one[round]!, cost)), note: said.join("; ") };
}

const median = (costs: Cost[], which: keyof Cost, factor = 1): string =>
  (
    percentile(
      costs.map((cost) => cost[which]),
      50,
    ) * factor
  ).toFixed(0);

await command({
  name: "bench-api",
  begin(planted) {
    mustBeLinux(FILES);
    return Sides.start(planted);
  },
  measures: [turns],
  fault: {
    kind: "delay",
    how: `The application's process works ${BURNT} ms longer for every answer.`,
    fails: ["api-signed-in", "api-task", "api-page", "api-create", "api-cpu"],
  },
});
