// A stack: some of the six services under one supervisord, started in order, ended together.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { ServiceStatus, StackStatus } from "./control.ts";
import { isEmbedded, PORT_VARIABLES, socketPath, type Variables } from "./env.ts";
import { Sentence } from "./errors.ts";
import { api, python } from "./paths.ts";
import { isFree } from "./ports.ts";
import { endLeftovers, isAlive, MARK } from "./processes.ts";
import { until } from "./ready.ts";
import { runToEnd } from "./run.ts";
import { preparePostgres } from "./servers.ts";
import { type Name, type Plan, type Service, type ServiceName, services } from "./services.ts";
import { Stamp } from "./stamp.ts";
import { type Supervision, supervise, tail } from "./supervision.ts";
import { call, type ProgramState, states } from "./supervisor.ts";

const isServer = (name: string): name is "postgres" | "valkey" => name === "postgres" || name === "valkey";

export class Stack {
  readonly name: string;
  readonly plan: Plan;
  /** What this stack runs: the servers only where no URL names others. */
  readonly services: Service[];
  #supervisor: Supervision | null = null;
  #stopping: Promise<void> | null = null;
  #external: Name[];

  constructor(name: string, plan: Plan, wanted: readonly Name[], set: Variables) {
    this.name = name;
    const embedded = isEmbedded(set);
    this.#external = wanted.filter((each) => isServer(each) && !embedded[each]);
    this.plan = { ...plan, env: { ...plan.env, [MARK]: name } };
    this.services = services(this.plan).filter(({ kind }) => wanted.includes(kind) && !this.#external.includes(kind));
  }

  get #socket(): string {
    return this.plan.socket ?? socketPath(this.plan.folder, "supervisor");
  }

  get logs(): string {
    return this.plan.logs ?? join(this.plan.folder, "logs");
  }

  #runs(name: Name): boolean {
    return this.services.some((service) => service.kind === name);
  }

  /** Ends what an earlier, killed start left; then throws a sentence if a port is taken, by whom `holder` may know. */
  async clear(holder: (port: number) => Promise<string | null> = async () => null): Promise<number> {
    const ended = await endLeftovers(this.name, this.plan.folder);
    for (const { name, kind, port } of this.services) {
      if (port === null || (await isFree(port))) continue;
      const variable = PORT_VARIABLES[kind as keyof typeof PORT_VARIABLES][0];
      throw new Sentence(
        `Port ${port}, which ${name} needs, is in use by ${(await holder(port)) ?? "another program"}. ` +
          "End that one, or choose another port: " +
          `${variable}=${port + 1}, in the environment or in .env.`,
      );
    }
    return ended;
  }

  /** Starts everything in order; `report` hears of each service when it is ready. */
  async start(report: (name: ServiceName | "migrations", seconds: number) => void): Promise<void> {
    const { folder } = this.plan;
    mkdirSync(folder, { recursive: true });
    mkdirSync(this.logs, { recursive: true });
    if (this.#runs("postgres")) preparePostgres(folder, this.plan.secrets);
    await this.#supervise();

    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    const start = async (service: Service) => {
      await call(this.#socket, "startProcess", [service.name, false]);
      await this.#untilReady(service);
      if (!this.isStopping) report(service.name, seconds());
    };
    const go = (kind: Name) => Promise.all(this.services.filter((each) => each.kind === kind).map(start));

    // The page's server takes longest and needs none of the others to start.
    const page = go("web");
    page.catch(() => undefined); // reported below, unless something else failed first
    await Promise.all([go("postgres"), go("valkey")]);
    if (this.#runs("api")) {
      await this.#migrate(() => report("migrations", seconds()));
      await Promise.all([go("api"), go("worker")]);
      await go("beat"); // nobody waits for its clock, so it doesn't compete with the two for the processor
    }
    await page;
  }

  /** Migrations and the demo data; not again while neither they nor our own database changed. */
  async #migrate(done: () => void): Promise<void> {
    const stamp = new Stamp(this.plan.folder);
    if (this.#runs("postgres") && stamp.isCurrent()) return;
    stamp.remove();
    await this.#python("migrations", ["-m", "app.migrate"]);
    if (this.plan.env["ENVIRONMENT"] === "development") await this.#python("demo data", ["-m", "app.seed"]);
    if (!this.isStopping) stamp.write();
    done();
  }

  async #supervise(): Promise<void> {
    const { folder, env, outlives = false } = this.plan;
    const programs = this.services.map(({ name, program }) => ({ name, ...program() }));
    this.#supervisor = await supervise({ folder, logs: this.logs, socket: this.#socket, env, programs, outlives });
  }

  get isStopping(): boolean {
    return this.#stopping !== null;
  }

  /** Resolves when supervisord is gone, by `stop` or because someone killed it. */
  get supervisorEnded(): Promise<void> {
    return this.#supervisor?.ended ?? Promise.resolve();
  }

  async #untilReady(service: Service): Promise<void> {
    const startedAt = () => this.#state(service.name).then((state) => state?.started ?? Infinity);
    const ready = () => service.ready?.(startedAt) ?? this.#state(service.name).then((now) => now?.state === "running");
    const pids = new Set<number>();
    // A process that ends again and again won't get ready: better its log now than patience.
    const crashes = setInterval(() => void this.pid(service.name).then((pid) => pid && pids.add(pid)), 500);
    const gaveUp = () => this.isStopping || pids.size > 4 || this.#supervisor?.isGone() === true;
    const isReady = await until(ready, { timeout: 120_000, gaveUp });
    clearInterval(crashes);
    if (isReady || this.isStopping) return;
    const log = this.logOf(service.name);
    throw new Sentence(`${service.name} does not get ready. The end of its log (${log}):\n${tail(log)}`);
  }

  async #state(name: ServiceName): Promise<ProgramState | undefined> {
    const all = await states(this.#socket).catch((): ProgramState[] => []);
    return all.find((each) => each.name === name);
  }

  /** The process that does the work now, or null. */
  async pid(name: ServiceName): Promise<number | null> {
    return (await this.#state(name))?.pid ?? null;
  }

  async #python(what: string, args: string[]): Promise<void> {
    const quiet = this.#runs("postgres"); // for another one it may have to wait, and says so
    const code = await runToEnd([python, ...args], { cwd: api, env: this.plan.env, quiet });
    if (code !== 0 && this.#stopping === null) throw new Sentence(`The ${what} failed; see above.`);
  }

  logOf(name: ServiceName): string {
    return join(this.logs, `${name}.log`);
  }

  /** Ends processes in good order; the supervisor starts them again. */
  async restart(names: readonly Name[]): Promise<void> {
    const ours = this.services.filter(({ kind }) => names.includes(kind));
    await Promise.allSettled(ours.map(({ name }) => call(this.#socket, "signalProcess", [name, "TERM"])));
  }

  /** Kills a service as no handler can see it, and keeps it down until `raise`. */
  async fell(name: ServiceName): Promise<void> {
    const pid = await this.pid(name);
    if (pid === null) return;
    process.kill(pid, "SIGSTOP"); // so that it doesn't hear supervisord asking it to leave
    await call(this.#socket, "stopProcess", [name, false]);
    process.kill(pid, "SIGKILL");
    if (!(await until(async () => (await this.pid(name)) === null, { timeout: 10_000 })))
      throw new Sentence(`${name} (pid ${pid}) can't be killed.`);
  }

  async raise(name: ServiceName): Promise<void> {
    await call(this.#socket, "startProcess", [name, false]);
  }

  async status(): Promise<StackStatus> {
    const programs = await states(this.#socket).catch((): ProgramState[] => []);
    const own = this.services.map(async ({ name, port, ready }): Promise<ServiceStatus> => {
      const { state = "stopped", pid = null, started = 0 } = programs.find((each) => each.name === name) ?? {};
      const running = state === "running" && pid !== null && isAlive(pid);
      const isReady = running && (ready === null || (await ready(async () => started)));
      return { name, state, pid: running ? pid : null, port, ready: isReady };
    });
    const external = this.#external.map((name) => ({ name, state: "external", pid: null, port: null, ready: true }));
    return { services: [...external, ...(await Promise.all(own))] };
  }

  /** Ends every process of this stack and nothing else. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    // All at once what uses the servers, then the servers: supervisord by itself goes one by one, a second each.
    await this.#end((name) => !isServer(name));
    await this.#end(isServer);
    await call(this.#socket, "shutdown").catch(() => undefined);
    if (this.#supervisor) {
      await Promise.race([this.#supervisor.ended, sleep(15_000, undefined, { ref: false })]);
      await this.#supervisor.end();
    }
    await endLeftovers(this.name, this.plan.folder);
  }

  async #end(which: (name: string) => boolean): Promise<void> {
    const names = this.services.map(({ name }) => name).filter(which);
    await Promise.allSettled(names.map((name) => call(this.#socket, "stopProcess", [name, false])));
    const ended = async () => {
      const all = await states(this.#socket).catch(() => []);
      return all.every(({ name, state }) => !which(name) || state !== "stopping");
    };
    await until(ended, { timeout: 15_000 });
  }
}
