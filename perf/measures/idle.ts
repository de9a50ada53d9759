// What connections cost that say nothing: memory, the heartbeats' CPU, and connections to Valkey.
import { Sentence } from "../../scripts/lib/errors.ts";
import type { Bench, Measure } from "../lib/bench.ts";
import { type Budget, given, percentile, type Result } from "../lib/budgets.ts";
import type { Group, Opening } from "../lib/crowd.ts";
import { connectionsTo, cpuSeconds, memory } from "../lib/proc.ts";
import { streamOf } from "../lib/stand.ts";
import { seconds } from "../lib/wait.ts";

const MB = 1_000_000;
const KB = 1_000;
/** The contract's: seconds of silence at most. */
const HEARTBEAT = 10;

export const idle: Measure = {
  ids: ["idle-memory", "idle-many-memory", "idle-many-cpu", "valkey-connections"],
  async run(bench, budgets) {
    const results: Record<string, Result> = {};
    const asked = (id: string) => budgets.find((budget) => budget.id === id);
    const stand = await bench.stand();
    const tasks = await bench.freshTasks(10);
    await stand.freshApi(); // one that still has all its memory to ask for
    const rest = memory(stand.apiPid);
    const opening = {
      port: stand.port,
      headers: stand.headers,
      paths: tasks.map(streamOf),
      efforts: ["count" as const],
    };
    const groups: Group[] = [];

    const each = asked("idle-memory");
    if (each) {
      const samples = await grown(bench, stand.apiPid, opening, each, groups);
      const theirs = await referenceGrown(bench, each);
      const note = `FastAPI's own ${percentile(theirs, each.percentile).toFixed(1)} KB`;
      results[each.id] = { samples, note };
    }
    const store = asked("valkey-connections");
    if (store) {
      await fill(bench, opening, given(store, "connections"), groups);
      const samples: number[] = [];
      for (let look = 0; look < store.samples; look++) {
        samples.push(connectionsTo(stand.apiPid, stand.stack.plan.ports.valkey));
        await seconds(0.5);
      }
      results[store.id] = { samples };
    }
    const many = [asked("idle-many-memory"), asked("idle-many-cpu")].flatMap((budget) => budget ?? []);
    for (const budget of many) {
      await fill(bench, opening, given(budget, "connections"), groups);
      results[budget.id] =
        budget.id === "idle-many-cpu"
          ? await beating(budget, stand.apiPid, groups)
          : { samples: [(memory(stand.apiPid) - rest) / MB] };
    }
    for (const group of groups) {
      await group.seen();
      await group.close();
    }
    await stand.mustLive();
    return results;
  },
};

type Paths = Omit<Opening, "count">;

/** The growth of the process for each connection, in KB, of one step after the other. */
async function grown(bench: Bench, pid: number, opening: Paths, budget: Budget, groups: Group[]): Promise<number[]> {
  const step = given(budget, "step");
  groups.push(await bench.crowd.open({ ...opening, count: given(budget, "warmUp") }));
  const samples: number[] = [];
  while (samples.length < budget.samples) {
    const before = memory(pid);
    groups.push(await bench.crowd.open({ ...opening, count: step }));
    samples.push((memory(pid) - before) / step / KB);
  }
  return samples;
}

async function referenceGrown(bench: Bench, budget: Budget): Promise<number[]> {
  const { pid, port } = await bench.reference();
  const groups: Group[] = [];
  const samples = await grown(
    bench,
    pid,
    { port, paths: ["/stream?batch=1&every=3600"], efforts: ["count"] },
    budget,
    groups,
  );
  for (const group of groups) await group.close();
  return samples;
}

async function fill(bench: Bench, opening: Paths, connections: number, groups: Group[]): Promise<void> {
  const open = groups.reduce((sum, { count }) => sum + count, 0);
  if (connections > open) groups.push(await bench.crowd.open({ ...opening, count: connections - open }));
}

/** The CPU of connections that only get heartbeats, in percent of a core. Each has to get them. */
async function beating(budget: Budget, pid: number, groups: Group[]): Promise<Result> {
  const window = given(budget, "seconds");
  const frames = async () =>
    (await Promise.all(groups.map((group) => group.seen()))).reduce((sum, { frames }) => sum + frames, 0);
  const samples: number[] = [];
  const before = await frames();
  for (let round = 0; round < budget.samples; round++) {
    const cpu = cpuSeconds(pid);
    const began = performance.now();
    await seconds(window);
    samples.push(((cpuSeconds(pid) - cpu) / (performance.now() - began)) * 100_000);
  }
  const beats = (await frames()) - before;
  const due = Math.floor((budget.samples * window - 1) / HEARTBEAT) * groups.reduce((sum, { count }) => sum + count, 0);
  if (beats < due) throw new Sentence(`Of ${due} heartbeats that were due ${beats} came.`);
  return { samples, note: `${beats} heartbeats` };
}
