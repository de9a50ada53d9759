// What a further API process and a further worker cost, and what they are good for.
import { availableParallelism } from "node:os";

import type { ServiceName } from "../../../scripts/lib/services.ts";
import { cpuSeconds, memory } from "../../lib/proc.ts";
import { eventually } from "../../lib/wait.ts";
import { familyCpu } from "./costs.ts";
import type { Growth, Part } from "./growth.ts";
import { House } from "./house.ts";

const MB = 1_000_000;
const APIS = [1, 2, 3, 4];
const WORKERS = [8, 4, 2, 1];
const ASKING = 16;
const SECONDS = 4;
const TASKS = 120;

const growth = (what: string, unit: string, expected: number): Growth => ({ what, unit, expected, points: [] });
const cores = `This machine has ${availableParallelism()} cores, which clients and stores share with them: more processes than cores are no faster.`;

const named = (kind: "api" | "worker", count: number): ServiceName[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? kind : (`${kind}-${index + 1}` as const)));

export async function apis(): Promise<Part> {
  const house = await House.open(["postgres", "valkey", "api"], { apis: APIS.at(-1)! - 1, workers: 0 });
  try {
    const rate = growth("Lists of tasks a second, all processes together", "1/s", 1);
    const cpu = growth("CPU of the APIs for one", "ms", 0);
    const stored = growth("CPU of Postgres for one", "ms", 0);
    const resident = growth("Memory of the API's processes", "MB", 1);
    const postmaster = await house.pid("postgres");
    for (const size of APIS) {
      const pids = await Promise.all(named("api", size).map((name) => house.pid(name)));
      const spent = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
      const [before, postgres, began] = [spent(), familyCpu(postmaster), performance.now()];
      const count = await asked(house, size);
      const taken = (performance.now() - began) / 1_000;
      rate.points.push({ size, value: count / taken });
      cpu.points.push({ size, value: (1_000 * (spent() - before)) / count });
      stored.points.push({ size, value: (1_000 * (familyCpu(postmaster) - postgres)) / count });
      resident.points.push({ size, value: pids.reduce((sum, pid) => sum + memory(pid), 0) / MB });
    }
    const growths = [rate, cpu, stored, resident];
    return { id: "apis", title: "API processes", of: "processes", growths, notes: [cores] };
  } finally {
    await house.end();
  }
}

/** So many clients ask one request after the other, of the first `size` processes; gives the number of answers. */
async function asked(house: House, size: number): Promise<number> {
  const ports = house.ports.slice(0, size);
  const until = performance.now() + SECONDS * 1_000;
  let count = 0;
  const client = async (port: number) => {
    for (; performance.now() < until; count++) await house.get("/api/v1/tasks?limit=20", port);
  };
  await Promise.all(Array.from({ length: ASKING }, (_, index) => client(ports[index % size]!)));
  return count;
}

export async function workers(): Promise<Part> {
  // as fast as they can: what is measured is their work, not the pace of a model
  const set = { OFFLINE_TOKENS_PER_SECOND: "2000", TASK_WORKER_CAPACITY: "10" };
  const house = await House.open(["postgres", "valkey", "api", "worker"], { apis: 0, workers: WORKERS[0]! - 1 }, set);
  try {
    const time = growth(`Seconds until ${TASKS} tasks are done`, "s", -1);
    const cpu = growth("CPU of the workers for a task", "ms", 0);
    const stored = growth("CPU of Postgres for a task", "ms", 0);
    const idle = growth("CPU of Postgres while they have nothing to do", "% of a core", 1);
    const resident = growth("Memory of the workers", "MB", 1);
    const postmaster = await house.pid("postgres");
    let there = WORKERS[0]!;
    for (const size of WORKERS) {
      for (; there > size; there--) await house.stack.fell(named("worker", there).at(-1)!);
      const pids = await Promise.all(named("worker", size).map((name) => house.pid(name)));
      const spent = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
      const [rest, from] = [familyCpu(postmaster), performance.now()];
      await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
      idle.points.push({ size, value: ((familyCpu(postmaster) - rest) / (performance.now() - from)) * 100_000 });

      const [before, postgres, began] = [spent(), familyCpu(postmaster), performance.now()];
      await done(house);
      time.points.push({ size, value: (performance.now() - began) / 1_000 });
      cpu.points.push({ size, value: (1_000 * (spent() - before)) / TASKS });
      stored.points.push({ size, value: (1_000 * (familyCpu(postmaster) - postgres)) / TASKS });
      resident.points.push({ size, value: pids.reduce((sum, pid) => sum + memory(pid), 0) / MB });
    }
    const growths = [time, cpu, stored, idle, resident];
    for (const { points } of growths) points.reverse();
    return { id: "workers", title: "Worker processes", of: "processes", growths, notes: [cores] };
  } finally {
    await house.end();
  }
}

async function done(house: House): Promise<void> {
  const create = (index: number) =>
    house.post("/api/v1/tasks", { kind: "project_plan", prompt: `A library of seeds, number ${index}` });
  await Promise.all(Array.from({ length: TASKS }, (_, index) => create(index)));
  await eventually(
    "every task done",
    async () => {
      const unfinished = await Promise.all(
        ["queued", "running"].map((status) => house.get(`/api/v1/tasks?limit=1&status=${status}`)),
      );
      return unfinished.every((page) => (JSON.parse(page) as { items: unknown[] }).items.length === 0);
    },
    100,
  );
}
