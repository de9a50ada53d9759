// From the append to the client's socket, by the clock that all processes of a machine share.
import type { Bench, Measure } from "../lib/bench.ts";
import { type Budget, given, percentile, type Result } from "../lib/budgets.ts";
import { cpuSeconds } from "../lib/proc.ts";
import { streamOf } from "../lib/stand.ts";
import { eventually } from "../lib/wait.ts";

export const latency: Measure = {
  ids: ["append-alone", "append-many-p50", "append-many-p99", "append-many-valkey"],
  async run(bench, budgets) {
    const results: Record<string, Result> = {};
    const alone = budgets.find(({ id }) => id === "append-alone");
    if (alone) {
      const { latencies } = await watched(bench, alone);
      results[alone.id] = { samples: latencies, note: `p50 ${percentile(latencies, 50).toFixed(1)} ms` };
    }
    const many = budgets.filter(({ id }) => id !== "append-alone");
    if (many[0]) {
      const { latencies, valkey } = await watched(bench, many[0]);
      for (const { id } of many) results[id] = { samples: id === "append-many-valkey" ? [valkey] : latencies };
    }
    return results;
  },
};

/** Every task has a reader that judges. Gives their latencies in ms, and Valkey's CPU in percent of a core. */
async function watched(bench: Bench, budget: Budget): Promise<{ latencies: number[]; valkey: number }> {
  const stand = await bench.stand();
  const writer = await bench.writer();
  const tasks = await bench.freshTasks(given(budget, "tasks"));
  const readers = await bench.crowd.open({
    ...{ port: stand.port, headers: stand.headers, paths: tasks.map(streamOf) },
    ...{ count: tasks.length * given(budget, "readers"), efforts: ["judge" as const] },
  });
  const valkey = await stand.pidOf("valkey");
  const before = (await readers.seen()).frames;
  const cpu = cpuSeconds(valkey);
  const load = { every: given(budget, "every"), seconds: given(budget, "seconds"), turns: given(budget, "turns") };
  const appended = await writer.write({ tasks, batch: 1, stamped: true, ...load });
  // Over the time that the appends are given: a machine that needs longer for them has not made them cheaper.
  const spent = ((cpuSeconds(valkey) - cpu) / load.seconds) * 100;

  const expected = appended * given(budget, "readers");
  const latencies: number[] = [];
  await eventually("every token at its reader", async () => {
    const seen = await readers.seen();
    for (const latency of seen.latencies) latencies.push(latency);
    return seen.frames - before >= expected;
  });
  await readers.close();
  await stand.mustLive();
  return { latencies, valkey: spent };
}
