// From the press of the button to the last word, on the page: what a visitor waits for.
import { type Budget, given, type Result } from "../lib/budgets.ts";
import type { Measure } from "../lib/command.ts";
import { shiftOf } from "./figures.ts";
import type { Seen } from "./recorder.ts";
import { byConditions, type Figures, idsOf, resultsOf } from "./rows.ts";
import type { Visit } from "./visit.ts";
import type { Visitor } from "./visitor.ts";
import { longestGap, watch, type Watched } from "./watch.ts";

interface Journey {
  seen: Seen;
  watched: Watched;
  /** What the generator takes from its first token to its last, in milliseconds. */
  own: number;
}

const first = ({ paints }: Seen): number => paints[0]?.at ?? NaN;

const ALL = ["", "-p95", "-slow", "-slow-p95"] as const;

const FIGURES: Figures<Journey> = {
  "page-done": { rows: ALL, of: ({ seen }) => seen.done - seen.submitted },
  "page-first-token": { rows: ALL, of: ({ seen }) => first(seen) - seen.submitted },
  "page-over-generation": { rows: ALL, of: ({ seen, own }) => seen.done - first(seen) - own },
  "page-gap": {
    rows: ALL,
    of: ({ seen, watched }) => longestGap(seen.paints.map(({ at }) => at)) - longestGap(watched.arrivals),
  },
  "page-shift": { rows: ["-p95", "-slow-p95"], of: ({ seen }) => shiftOf(seen.shifts) },
};

export const streaming: Measure<Visit> = {
  ids: idsOf(FIGURES),

  async run(visit, budgets) {
    const results: Record<string, Result> = {};
    for (const { throttle, runs, rows } of byConditions(budgets)) {
      const visitor = await visit.visitor(budgets, { throttle });
      await visitor.page.goto("/tasks");
      const journeys: Journey[] = [];
      for (let run = 0; run <= runs; run++) {
        const journey = await travel(visitor, rows[0], run);
        if (run > 0) journeys.push(journey); // the first one fetches code that the others have
      }
      await visitor.end();
      Object.assign(results, resultsOf(rows, FIGURES, journeys));
    }
    await visit.mustLive();
    return results;
  },
};

async function travel(visitor: Visitor, budget: Budget, run: number): Promise<Journey> {
  const [tokens, rate] = [given(budget, "tokens"), given(budget, "rate")];
  await visitor.compose();
  const { id } = await visitor.send(`A tide table for harbour ${run}, in ${tokens} tokens`);
  const watched = watch(`${visitor.address.api}/api/v1/tasks/${id}/stream`, await visitor.headers());
  const [seen, server] = await Promise.all([visitor.done(), watched]);
  await visitor.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Tasks" }).click();
  return { seen, watched: server, own: ((tokens - 1) / rate) * 1_000 };
}
