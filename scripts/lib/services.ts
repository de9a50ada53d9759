// The six services: what runs them and how each says that it is ready.
import { join } from "node:path";

import type { Ports, Variables } from "./env.ts";
import { api as source, node, python, root, web } from "./paths.ts";
import { httpReady, notedReady, postgresReady, valkeyReady, workerReady } from "./ready.ts";
import type { Secrets } from "./secrets.ts";
import { postgresCommand, valkeyCommand } from "./servers.ts";
import type { Program } from "./supervisor.ts";

export const NAMES = ["postgres", "valkey", "api", "worker", "beat", "web"] as const;
export type Name = (typeof NAMES)[number];
/** One of possibly several: `worker`, then `worker-2`. */
export type ServiceName = Name | `${Name}-${number}`;

interface Run {
  port: number | null;
  program: () => Omit<Program, "name">;
  /** Asks the service itself, or what it noted since it was started; null where running is all there is to know. */
  ready: ((startedAt: () => Promise<number>) => Promise<boolean>) | null;
}

export interface Service extends Run {
  name: ServiceName;
  kind: Name;
}

export interface Plan {
  folder: string;
  ports: Ports;
  env: Variables;
  secrets: Secrets;
  /** `development` runs the page from source, `production` what `make build-web` made. */
  mode: "development" | "production";
  /** Beyond the first of each: the ports of more APIs, and how many more workers. */
  more?: { apis: readonly number[]; workers: number };
  /** The folder of the parts' logs; `logs` in the plan's own by default. */
  logs?: string;
  /** supervisord's socket, where it isn't the one of this folder's name. */
  socket?: string;
  /** The standalone build that production runs; by default the one of `make build-web`. */
  page?: string;
  /** Whether it all goes on when the process that started it is gone. */
  outlives?: boolean;
}

const standalone = join(web, ".next", "standalone");

/** All there are, in the order of `NAMES`. */
export function services(plan: Plan): Service[] {
  const { folder, ports, env, secrets, mode, more, page = standalone } = plan;
  // Who waits at another Valkey than ours is not ours to ask.
  const ownBroker = !env["CELERY_BROKER_URL"] && env["REDIS_URL"]?.includes(`:${encodeURIComponent(secrets.valkey)}@`);
  const throwAway = env["ENVIRONMENT"] === "test";
  const celery = (kind: "worker" | "beat", name: ServiceName, ...args: string[]): Run => {
    // What it notes comes after a look of some seconds: too late for a start of development.
    const note = plan.outlives ? join(folder, `${name}.health`) : "";
    const noted = async (startedAt: () => Promise<number>) => notedReady(note, await startedAt());
    const waits = kind === "worker" && ownBroker ? () => workerReady(ports.valkey, secrets.valkey) : null;
    const command = [python, "-m", "app.run", kind, ...args];
    return {
      port: null,
      ready: note ? noted : waits,
      program: () => ({ cwd: source, command, env: { HEALTH_FILE: note } }),
    };
  };
  const runs: Record<Name, Run[]> = {
    postgres: [
      {
        port: ports.postgres,
        ready: () => postgresReady(ports.postgres),
        // SIGINT is its fast way out: it doesn't wait for clients to go first.
        program: () => ({
          command: postgresCommand(folder, ports.postgres, { throwAway }),
          cwd: "/",
          stop: "INT",
        }),
      },
    ],
    valkey: [
      {
        port: ports.valkey,
        ready: () => valkeyReady(ports.valkey, secrets.valkey),
        program: () => ({ command: valkeyCommand(folder, ports.valkey, secrets.valkey), cwd: "/" }),
      },
    ],
    api: [ports.api, ...(more?.apis ?? [])].map(apiOn),
    worker: [
      celery("worker", "worker"),
      ...Array.from({ length: more?.workers ?? 0 }, (_, index): Run => {
        const name = `worker-${index + 2}` as const;
        return celery("worker", name, "--name", name);
      }),
    ],
    beat: [celery("beat", "beat")],
    web: [
      {
        port: ports.web,
        ready: () => httpReady(`http://127.0.0.1:${ports.web}/healthz`, 5000),
        program: () =>
          mode === "development"
            ? { cwd: root, command: [node, join(root, "scripts", "web-dev.ts")] }
            : {
                cwd: page,
                command: [node, join(page, "web", "server.js")],
                env: { NODE_ENV: "production", PORT: String(ports.web), HOSTNAME: "127.0.0.1" },
              },
      },
    ],
  };
  return NAMES.flatMap((kind) =>
    runs[kind].map((run, index) =>
      Object.assign(run, { kind, name: index === 0 ? kind : (`${kind}-${index + 1}` as const) }),
    ),
  );
}

const apiOn = (port: number): Run => ({
  port,
  ready: () => httpReady(`http://127.0.0.1:${port}/api/readyz`),
  program: () => ({ cwd: source, command: [python, "-m", "app.serve"], env: { API_PORT: String(port) } }),
});
