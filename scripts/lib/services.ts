// The six services: what runs them and how each says that it is ready.
import { join } from "node:path";

import type { Ports, Variables } from "./env.ts";
import { api, node, python, root, web } from "./paths.ts";
import { httpReady, postgresReady, valkeyReady, workerReady } from "./ready.ts";
import type { Secrets } from "./secrets.ts";
import { postgresCommand, valkeyCommand } from "./servers.ts";
import type { Program } from "./supervisor.ts";

export const NAMES = ["postgres", "valkey", "api", "worker", "beat", "web"] as const;
export type Name = (typeof NAMES)[number];

export interface Service {
  name: Name;
  port: number | null;
  program: () => Program;
  /** Asks the service itself; null where running is all there is to know. */
  ready: (() => Promise<boolean>) | null;
}

export interface Plan {
  folder: string;
  ports: Ports;
  env: Variables;
  secrets: Secrets;
  /** `development` runs the page from source, `production` what `make build-web` made. */
  mode: "development" | "production";
}

export function services({ folder, ports, env, secrets, mode }: Plan): Record<Name, Service> {
  // Who waits at another Valkey than ours is not ours to ask.
  const ownBroker = !env["CELERY_BROKER_URL"] && env["REDIS_URL"]?.includes(`:${secrets.valkey}@`);
  const throwAway = env["ENVIRONMENT"] === "test";
  const celery = [python, "-m", "celery", "-A", "app.worker:celery"];
  return {
    postgres: {
      name: "postgres",
      port: ports.postgres,
      ready: () => postgresReady(ports.postgres),
      // SIGINT is its fast way out: it doesn't wait for clients to go first.
      program: () => ({
        name: "postgres",
        command: postgresCommand(folder, ports.postgres, { throwAway }),
        cwd: "/",
        stop: "INT",
      }),
    },
    valkey: {
      name: "valkey",
      port: ports.valkey,
      ready: () => valkeyReady(ports.valkey, secrets.valkey),
      program: () => ({ name: "valkey", command: valkeyCommand(folder, ports.valkey, secrets.valkey), cwd: "/" }),
    },
    api: {
      name: "api",
      port: ports.api,
      ready: () => httpReady(`http://127.0.0.1:${ports.api}/api/readyz`),
      program: () => ({ name: "api", cwd: api, command: uvicorn(ports.api) }),
    },
    worker: {
      name: "worker",
      port: null,
      ready: ownBroker ? () => workerReady(ports.valkey, secrets.valkey) : null,
      program: () => ({ name: "worker", cwd: api, command: [...celery, "worker", ...WORKER] }),
    },
    beat: {
      name: "beat",
      port: null,
      ready: null,
      program: () => ({
        name: "beat",
        cwd: api,
        command: [...celery, "beat", "--schedule", join(folder, "beat-schedule"), "--pidfile=", "--loglevel", "INFO"],
      }),
    },
    web: {
      name: "web",
      port: ports.web,
      ready: () => httpReady(`http://127.0.0.1:${ports.web}/healthz`, 5000),
      program: () =>
        mode === "development"
          ? { name: "web", cwd: root, command: [node, join(root, "scripts", "web-dev.ts")] }
          : {
              name: "web",
              cwd: web,
              command: [node, join(web, ".next", "standalone", "web", "server.js")],
              env: { NODE_ENV: "production", PORT: String(ports.web), HOSTNAME: "127.0.0.1" },
            },
    },
  };
}

const WORKER = [
  "--pool",
  "threads",
  "--concurrency",
  "4",
  "--without-gossip",
  "--without-mingle",
  "--loglevel",
  "INFO",
];

const uvicorn = (port: number): string[] => [
  ...[python, "-m", "uvicorn", "app.main:create_app", "--factory", "--host", "127.0.0.1", "--port", String(port)],
  ...["--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "4", "--timeout-keep-alive", "75"],
];
