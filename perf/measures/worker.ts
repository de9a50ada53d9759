// What a worker process takes of a core while it is full of tasks.
import type { Measure } from "../lib/bench.ts";
import { given, type Result } from "../lib/budgets.ts";
import type { Group } from "../lib/crowd.ts";
import { cpuSeconds, pin } from "../lib/proc.ts";
import { Stand, streamOf } from "../lib/stand.ts";
import { eventually, seconds } from "../lib/wait.ts";

/** A few of the tasks are watched: they have to come at the rate that is asked for. */
const WATCHED = 10;

export const worker: Measure = {
  ids: ["worker"],
  async run(bench, [budget]) {
    const rate = given(budget!, "tokensPerSecond");
    const tasks = given(budget!, "tasks");
    const set = { OFFLINE_TOKENS_PER_SECOND: String(rate), TASK_WORKER_CAPACITY: String(tasks) };
    const stand = await Stand.start(["postgres", "valkey", "api", "worker"], bench.serverCore, set);
    try {
      const pid = await stand.pidOf("worker");
      pin(pid, bench.serverCore);
      const ids = await stand.createTasks(tasks);
      await eventually("every task runs", async () => (await stand.running()) === tasks, 200);
      const readers = await bench.crowd.open({
        ...{ port: stand.port, headers: stand.headers, paths: ids.slice(-WATCHED).map(streamOf) },
        ...{ count: WATCHED, efforts: ["judge" as const] },
      });
      const result = await watched(readers, pid, budget!.samples, given(budget!, "seconds"));
      if ((await stand.running()) !== tasks) throw new Error("Some tasks ended while they were measured.");
      if (result.rate < 0.9 * rate)
        throw new Error(`A task wrote ${result.rate.toFixed(0)} tokens a second, not ${rate}.`);
      await readers.close();
      return { worker: result };
    } finally {
      await stand.end();
    }
  },
};

async function watched(
  readers: Group,
  pid: number,
  rounds: number,
  window: number,
): Promise<Result & { rate: number }> {
  const samples: number[] = [];
  const { frames } = await readers.seen();
  const began = performance.now();
  for (let round = 0; round < rounds; round++) {
    const [cpu, from] = [cpuSeconds(pid), performance.now()];
    await seconds(window);
    samples.push(((cpuSeconds(pid) - cpu) / (performance.now() - from)) * 100_000);
  }
  const rate = ((await readers.seen()).frames - frames) / WATCHED / ((performance.now() - began) / 1000);
  return { samples, rate, note: `${rate.toFixed(0)} events a second and task` };
}
