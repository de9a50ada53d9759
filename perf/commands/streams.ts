// From the POST of a task to what its owner gets of it, by the server's streams: node perf/run.ts streams
import { Sentence } from "../../scripts/lib/errors.ts";
import { type Budget, given, percentile, type Result } from "../lib/budgets.ts";
import { command, type Measure } from "../lib/command.ts";
import { Rig } from "../load/rig.ts";

/** How long the worker is held when the fault is planted, in milliseconds: its leases of 6 s don't run out. */
const STANDSTILL = 4_000;

/** Alone, and several at once, until the last of them has its ending: seconds from the first POST. */
const done: Measure<Rig> = {
  ids: ["stream-done", "stream-done-three"],
  async run(rig, budgets) {
    const results: Record<string, Result> = {};
    for (const budget of budgets) {
      const rounds = await repeated(rig, budget);
      results[budget.id] = { samples: rounds.map((times) => Math.max(...times)), note: written(budget) };
    }
    return results;
  },
};

/** The same, of each of them over the time that its generator takes for so many tokens at its rate. */
const over: Measure<Rig> = {
  ids: ["stream-over", "stream-over-three"],
  async run(rig, budgets) {
    const results: Record<string, Result> = {};
    for (const budget of budgets) {
      const own = given(budget, "tokens") / given(budget, "tokensPerSecond");
      const samples = (await repeated(rig, budget)).flat().map((time) => time - own);
      // It can't be: then the generator wrote less, or faster, than it is said to.
      if (samples.some((sample) => sample < 0)) throw new Sentence("A task was finished before its text could be.");
      results[budget.id] = { samples, note: written(budget) };
    }
    return results;
  },
};

/** Milliseconds from the POST to the first text, with so many other tasks that are just being written. */
const first: Measure<Rig> = {
  ids: ["first-token", "first-token-busy"],
  async run(rig, budgets) {
    const results: Record<string, Result> = {};
    for (const budget of budgets) {
      await rig.at(given(budget, "tokensPerSecond"), given(budget, "tokens"));
      const others = await rig.start(given(budget, "others"));
      const samples: number[] = [];
      while (samples.length < budget.samples) {
        if (rig.planted) await rig.holdWorker(STANDSTILL);
        samples.push(await rig.firstText(given(budget, "tokens")));
      }
      await rig.cancel(others);
      results[budget.id] = { samples, note: `p50 ${percentile(samples, 50).toFixed(0)} ms` };
    }
    return results;
  },
};

const written = (budget: Budget): string =>
  `${given(budget, "tokens")} tokens at ${given(budget, "tokensPerSecond")} a second`;

/** Seconds from the POST to `task_finished`, of each of those at once, round by round. */
async function repeated(rig: Rig, budget: Budget): Promise<number[][]> {
  await rig.at(given(budget, "tokensPerSecond"), given(budget, "tokens"));
  const atOnce = given(budget, "atOnce");
  const rounds: number[][] = [];
  while (rounds.length < given(budget, "rounds"))
    rounds.push(await Promise.all(Array.from({ length: atOnce }, () => rig.finished(given(budget, "tokens")))));
  return rounds;
}

await command({
  name: "streams",
  begin: (planted) => new Rig(planted),
  measures: [first, done, over],
  fault: {
    kind: "delay",
    how: "The worker's process is stopped from before a task is asked for until four seconds later.",
    fails: ["first-token"],
  },
});
