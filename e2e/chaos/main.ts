// `make chaos`: kills, stops and cuts what a stack is made of while many watch, and judges every connection.
//   RUNS=1 SEED=<number> SECONDS=60 TASKS=25 PAUSE=2.5 node e2e/chaos/main.ts
import { main } from "../../scripts/lib/errors.ts";
import { run } from "./run.ts";
import { settings } from "./settings.ts";

await main(async () => {
  const running: { end?: () => Promise<void> } = {};
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => void Promise.resolve(running.end?.()).then(() => process.exit(130)));
  let violations = 0;
  for (let number = 0; number < settings.runs; number++) {
    const seed = settings.seed + number;
    console.log(`Chaos for ${settings.seconds} s, SEED=${seed}`);
    violations += await run(seed, (finish) => (running.end = finish));
  }
  if (violations > 0) console.log("The logs of all parts are in .data/reports/chaos-logs.");
  return violations === 0 ? 0 : 1;
});
