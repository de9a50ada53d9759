// A task's page as it is opened from nothing: when it is there, whether it jumps, and how long it can't answer.
import { given, type Result } from "../lib/budgets.ts";
import type { Measure } from "../lib/command.ts";
import { blockedOf, shiftOf } from "./figures.ts";
import type { Seen } from "./recorder.ts";
import { byConditions, type Figures, idsOf, resultsOf } from "./rows.ts";
import type { Visit } from "./visit.ts";

const FIGURES: Figures<Seen> = {
  "page-largest-paint": { rows: ["", "-p95", "-slow", "-slow-p95"], of: ({ largest }) => largest || NaN },
  "page-blocked": { rows: ["-p95", "-slow", "-slow-p95"], of: blockedOf },
  "page-load-shift": { rows: ["-p95", "-slow-p95"], of: ({ shifts }) => shiftOf(shifts) },
};

export const loads: Measure<Visit> = {
  ids: idsOf(FIGURES),

  async run(visit, budgets) {
    const results: Record<string, Result> = {};
    const visitor = await visit.visitor(budgets, { throttle: 1 });
    const { id } = await visitor.create(`A tide table, in ${given(budgets[0]!, "tokens")} tokens`);
    await visitor.finished(id);
    // As somebody's first page: nothing is at hand.
    await visitor.cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
    for (const { throttle, runs, rows } of byConditions(budgets)) {
      await visitor.under({ throttle });
      const all: Seen[] = [];
      for (let run = 0; run < runs; run++) {
        await visitor.page.goto(`/tasks/${id}`);
        all.push(await visitor.quiet(given(rows[0], "rest")));
      }
      Object.assign(results, resultsOf(rows, FIGURES, all));
    }
    await visitor.end();
    await visit.mustLive();
    return results;
  },
};
