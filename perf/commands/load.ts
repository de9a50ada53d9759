// What people wait for while many are there: node perf/run.ts load. Other loads than this one: make perf-load PROFILE=…
import { given } from "../lib/budgets.ts";
import { command, type Context, type Measure } from "../lib/command.ts";
import { mustHaveK6 } from "../load/k6.ts";
import { resultsOf, rowOf, rowsOf, settingsOf, underLoad } from "../load/load.ts";
import { Site } from "../load/site.ts";

/** The stack is made for the load, since the load says how fast its tasks are written. */
class Place implements Context {
  readonly planted: boolean;
  #site: Site | null = null;

  constructor(planted: boolean) {
    this.planted = planted;
  }

  async site(settings: Record<string, string>): Promise<Site> {
    return (this.#site = await Site.own(settings));
  }

  async end(): Promise<void> {
    await this.#site?.end();
  }
}

const load: Measure<Place> = {
  ids: [
    ...["load-list", "load-read", "load-create", "load-cancel", "load-failed", "load-late"],
    ...["load-socket-gaps", "load-socket-opened"],
    ...["load-stream-gaps", "load-stream-opened", "load-stream-wait", "load-stream-over"],
  ],
  async run(place, budgets) {
    const rows = rowsOf(budgets);
    const site = await place.site(settingsOf(rows));
    const seconds = given(rowOf(rows, "load-failed"), "seconds");
    if (place.planted) {
      const api = await site.pid("api");
      setTimeout(() => process.kill(api, "SIGKILL"), (seconds / 2) * 1_000);
    }
    const loaded = await underLoad({ site, rows, profile: "load", stages: [{ times: 1, seconds }] });
    const results = resultsOf(loaded, rows);
    return Object.fromEntries(budgets.flatMap(({ id }) => (results[id] ? [[id, results[id]]] : [])));
  },
};

await command({
  name: "load",
  begin(planted) {
    mustHaveK6();
    return new Place(planted);
  },
  measures: [load],
  fault: {
    kind: "dead server",
    how: "The API's process is killed in the middle of the load; its supervisor starts another.",
    fails: ["load-failed"],
  },
});
