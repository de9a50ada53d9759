// The server's CPU time for an event that was delivered: ours against FastAPI's own, round about.
import type { Bench, Measure } from "../lib/bench.ts";
import { type Budget, given, percentile, type Result } from "../lib/budgets.ts";
import { type Group, oneInTen } from "../lib/crowd.ts";
import { cpuSeconds } from "../lib/proc.ts";
import { streamOf } from "../lib/stand.ts";
import { eventually, seconds } from "../lib/wait.ts";

export const throughput: Measure = {
  ids: ["flush-of-ten", "flush-of-one"],
  async run(bench, budgets) {
    const results: Record<string, Result> = {};
    for (const budget of budgets) results[budget.id] = await compared(bench, budget);
    return results;
  },
};

async function compared(bench: Bench, budget: Budget): Promise<Result> {
  const stand = await bench.stand();
  const tasks = await bench.freshTasks(given(budget, "tasks"));
  const clients = await bench.crowd.open({
    ...{ port: stand.port, headers: stand.headers, paths: tasks.map(streamOf) },
    ...{ count: given(budget, "clients"), efforts: oneInTen("judge") },
  });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < budget.samples; round++) {
    ours.push(await ourCost(bench, budget, tasks, clients));
    theirs.push(await theirCost(bench, budget));
  }
  await clients.close();
  await stand.mustLive();
  return {
    samples: ours.map((cost, round) => theirs[round]! / cost),
    note: `CPU an event: ours ${micros(ours)} µs, FastAPI's ${micros(theirs)} µs`,
  };
}

const micros = (costs: number[]): string => (percentile(costs, 50) * 1e6).toFixed(2);

/** All that was appended has to arrive at every client. */
async function ourCost(bench: Bench, budget: Budget, tasks: string[], clients: Group): Promise<number> {
  const stand = await bench.stand();
  const writer = await bench.writer();
  const load = { batch: given(budget, "batch"), every: given(budget, "every"), seconds: given(budget, "seconds") };
  const before = (await clients.seen()).frames;
  const cpu = cpuSeconds(stand.apiPid);
  const appended = await writer.write({ tasks, ...load });
  const expected = (appended / tasks.length) * clients.count;
  await eventually("every event at every client", async () => (await clients.seen()).frames - before >= expected);
  return (cpuSeconds(stand.apiPid) - cpu) / expected;
}

/** It yields as many events at once as ours are flushed together. */
async function theirCost(bench: Bench, budget: Budget): Promise<number> {
  const { pid, port } = await bench.reference();
  const path = `/stream?batch=${given(budget, "batch")}&every=${given(budget, "referenceEvery")}`;
  const opening = { port, paths: [path], count: given(budget, "clients"), efforts: oneInTen("parse") };
  const clients = await bench.crowd.open(opening);
  const before = (await clients.seen()).frames;
  const cpu = cpuSeconds(pid);
  await seconds(given(budget, "referenceSeconds"));
  const spent = cpuSeconds(pid) - cpu;
  const { frames } = await clients.seen();
  await clients.close();
  return spent / (frames - before);
}
