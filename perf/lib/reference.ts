// The applications of api/bench, served as our API is; the first were FastAPI's own event responses (reference.py).
import { readFileSync } from "node:fs";

import type { Variables } from "../../scripts/lib/env.ts";
import { Sentence } from "../../scripts/lib/errors.ts";
import { guarded } from "../../scripts/lib/guarded.ts";
import { api, python } from "../../scripts/lib/paths.ts";
import { freePorts, isListening } from "../../scripts/lib/ports.ts";
import { commandOf } from "../../scripts/lib/processes.ts";
import { until } from "../../scripts/lib/ready.ts";
import { pin } from "./proc.ts";

const APP = "bench.reference:app";
const READY_WITHIN = 40_000;

export interface Server {
  pid: number;
  port: number;
  end(): Promise<void>;
}

export type Reference = Server;

export const startReference = (core: number): Promise<Reference> => startServer(APP, core);

/** An application of api/bench, served on a core of its own. `more` are uvicorn's options. */
export async function startServer(app: string, core: number, env: Variables = {}, ...more: string[]): Promise<Server> {
  const [port] = (await freePorts(1)) as [number];
  const command = [python, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", String(port)];
  const options = ["--no-access-log", "--log-level", "warning", ...more];
  const server = guarded([...command, ...options], { cwd: api, env: { ...process.env, ...env } });
  const gaveUp = () => server.process.exitCode !== null;
  try {
    if (!(await until(() => isListening(port), { timeout: READY_WITHIN, gaveUp })))
      throw new Sentence(`${app} doesn't start.`);
    const guard = server.process.pid!;
    const children = readFileSync(`/proc/${guard}/task/${guard}/children`, "utf8").trim().split(" ").map(Number);
    const pid = children.find((child) => commandOf(child).includes(app));
    if (pid === undefined) throw new Sentence(`${app} died.`);
    pin(pid, core);
    return { pid, port, end: () => server.end() };
  } catch (error) {
    await server.end();
    throw error;
  }
}
