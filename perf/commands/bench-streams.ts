// `make bench-streams`: what a stream costs the server, and how soon a reader has what was appended.
import { Bench } from "../lib/bench.ts";
import { command } from "../lib/command.ts";
import { mustBeLinux } from "../lib/proc.ts";
import { catchUp } from "../measures/catch-up.ts";
import { idle } from "../measures/idle.ts";
import { latency } from "../measures/latency.ts";
import { stalled } from "../measures/stalled.ts";
import { throughput } from "../measures/throughput.ts";
import { worker } from "../measures/worker.ts";

const FILES = 11_000;

await command({
  name: "bench-streams",
  begin(planted) {
    mustBeLinux(FILES);
    return new Bench(planted);
  },
  measures: [idle, latency, catchUp, stalled, throughput, worker],
  fault: {
    kind: "missing samples",
    how: "One of the clients that come late is cut before it has the text.",
    fails: ["catch-up"],
  },
});
