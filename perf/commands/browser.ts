// What a visitor of the page waits for, in a browser before the production build.
import { interaction } from "../browser/interaction.ts";
import { loads } from "../browser/loads.ts";
import { memory } from "../browser/memory.ts";
import { requests } from "../browser/requests.ts";
import { streaming } from "../browser/streaming.ts";
import { Visit } from "../browser/visit.ts";
import { command } from "../lib/command.ts";

await command({
  name: "browser",
  begin: (planted) => new Visit(planted),
  // Memory last: it takes the worker away.
  measures: [streaming, interaction, loads, requests, memory],
  fault: {
    kind: "delay",
    how: "The browser's network brings every answer 1 s late, by its own emulation.",
    fails: ["page-done", "page-first-token"],
  },
});
