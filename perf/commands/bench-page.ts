// `node perf/run.ts bench-page`: what the page's server costs.
import { command } from "../lib/command.ts";
import { landing, task } from "../page/serving.ts";
import { Site } from "../page/site.ts";

await command({
  name: "bench-page",
  begin: (planted) => Site.start(planted, { late: 500 }),
  measures: [landing, task],
  fault: {
    kind: "delay",
    how: "Every answer of the page's server begins half a second late, and nginx may keep none.",
    fails: ["landing-rate", "task-render"],
  },
});
