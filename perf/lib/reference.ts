// FastAPI's own event responses (api/bench/reference.py), served as our API is.
import { readFileSync } from "node:fs";

import { Sentence } from "../../scripts/lib/errors.ts";
import { guarded } from "../../scripts/lib/guarded.ts";
import { api, python } from "../../scripts/lib/paths.ts";
import { freePorts, isListening } from "../../scripts/lib/ports.ts";
import { commandOf } from "../../scripts/lib/processes.ts";
import { until } from "../../scripts/lib/ready.ts";
import { pin } from "./proc.ts";

const APP = "bench.reference:app";

export interface Reference {
  pid: number;
  port: number;
  end(): Promise<void>;
}

export async function startReference(core: number): Promise<Reference> {
  const [port] = (await freePorts(1)) as [number];
  const command = [python, "-m", "uvicorn", APP, "--host", "127.0.0.1", "--port", String(port)];
  const server = guarded([...command, "--no-access-log", "--log-level", "warning"], { cwd: api });
  const gaveUp = () => server.process.exitCode !== null;
  if (!(await until(() => isListening(port), { timeout: 20_000, gaveUp })))
    throw new Sentence("The reference doesn't start.");
  const guard = server.process.pid!;
  const children = readFileSync(`/proc/${guard}/task/${guard}/children`, "utf8").trim().split(" ").map(Number);
  const pid = children.find((child) => commandOf(child).includes(APP));
  if (pid === undefined) throw new Sentence("The reference died.");
  pin(pid, core);
  return { pid, port, end: () => server.end() };
}
