// `node perf/run.ts page-weight`: first-load JavaScript of every kind of page.
import { command } from "../lib/command.ts";
import { Site } from "../page/site.ts";
import { weights } from "../page/weights.ts";

await command({
  name: "page-weight",
  begin: (planted) => Site.start(planted, { noise: 64_000 }),
  measures: [weights],
  fault: {
    kind: "extra bytes",
    how: "Every script comes with 64 KB of noise more.",
    fails: ["weight-landing", "weight-task"],
  },
});
