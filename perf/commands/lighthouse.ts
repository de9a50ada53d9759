// `node perf/run.ts lighthouse`: the public pages on a slow phone.
import { command } from "../lib/command.ts";
import { scores } from "../page/scores.ts";
import { Site } from "../page/site.ts";

await command({
  name: "lighthouse",
  begin: (planted) => Site.start(planted, { late: 2_500 }),
  measures: [scores],
  fault: {
    kind: "delay",
    how: "Every answer begins 2.5 seconds late.",
    fails: ["lighthouse-performance"],
  },
});
