// What open streams cost: while nothing happens, and when something is written.
import { Bench } from "../../lib/bench.ts";
import { Connection } from "../../lib/connection.ts";
import type { Group } from "../../lib/crowd.ts";
import { connectionsTo, cpuSeconds, memory } from "../../lib/proc.ts";
import { streamOf } from "../../lib/stand.ts";
import { eventually, seconds } from "../../lib/wait.ts";
import { milliseconds } from "./costs.ts";
import { beyond, type Growth, type Part } from "./growth.ts";

const SIZES = [1, 10, 100, 1_000, 10_000];
const TASKS = 10;
const IDLE = 3;
const WRITING = { batch: 10, every: 1, seconds: 3 };
const MB = 1_000_000;

const growth = (what: string, unit: string, expected: number): Growth => ({ what, unit, expected, points: [] });

export async function streams(): Promise<Part> {
  const bench = new Bench(false);
  try {
    return await measured(bench);
  } finally {
    await bench.end();
  }
}

async function measured(bench: Bench): Promise<Part> {
  const resident = growth("Memory of the API's process beyond that at rest", "MB", 1);
  const idle = growth("Its CPU while nothing is written, heartbeats included", "% of a core", 1);
  const event = growth("Its CPU for an event that arrived, ten tokens a flush", "µs", 0);
  const opening = growth("Until one more stream has its first event", "ms", 0);
  const stores = growth("Connections to Valkey", "connections", 0);
  const tasks = await bench.freshTasks(TASKS);
  const [stand, writer] = await Promise.all([bench.stand(), bench.writer()]);
  await stand.freshApi();
  const pid = stand.apiPid;
  const rest = memory(pid);
  const groups: Group[] = [];
  for (const size of SIZES) {
    const open = groups.reduce((sum, { count }) => sum + count, 0);
    groups.push(
      await bench.crowd.open({
        ...{ port: stand.port, headers: stand.headers, paths: tasks.map(streamOf) },
        ...{ efforts: ["count"], count: size - open },
      }),
    );
    resident.points.push({ size, value: memory(pid) / MB });
    stores.points.push({ size, value: connectionsTo(pid, stand.stack.plan.ports.valkey) });
    const [before, began] = [cpuSeconds(pid), performance.now()];
    await seconds(IDLE);
    idle.points.push({ size, value: ((cpuSeconds(pid) - before) / (performance.now() - began)) * 100_000 });
    opening.points.push({ size, value: await milliseconds(10, () => first(stand.port, stand.headers, tasks[0]!)) });

    const seen = async () =>
      (await Promise.all(groups.map((group) => group.seen()))).reduce((sum, { frames }) => sum + frames, 0);
    const [frames, cpu] = [await seen(), cpuSeconds(pid)];
    const expected = ((await writer.write({ tasks, ...WRITING })) / TASKS) * size;
    await eventually("every event at every client", async () => (await seen()) - frames >= expected * 0.999);
    event.points.push({ size, value: ((cpuSeconds(pid) - cpu) / expected) * 1e6 });
  }
  await stand.mustLive();
  const notes = [
    `At rest the process has ${(rest / MB).toFixed(0)} MB. All streams are of ${TASKS} tasks; below 1,000 of them the ticks of the processor's clock, 10 ms each, are too coarse for an event's cost.`,
  ];
  const growths = [{ ...resident, points: beyond(resident.points, rest / MB) }, idle, event, opening, stores];
  return { id: "streams", title: "Open streams of one API process", of: "streams", growths, notes };
}

async function first(port: number, headers: string, task: string): Promise<void> {
  const connection = new Connection({ port, headers, path: streamOf(task), effort: "judge" });
  await connection.opened;
  connection.close();
  if (connection.failure) throw new Error(connection.failure);
}
