// How fast the page answers to a hand while a long text is being written: interaction to next paint.
import { setTimeout as sleep } from "node:timers/promises";

import { Sentence } from "../../scripts/lib/errors.ts";
import { given, type Result } from "../lib/budgets.ts";
import type { Measure } from "../lib/command.ts";
import { byConditions, idsOf } from "./rows.ts";
import type { Visit } from "./visit.ts";
import type { Visitor } from "./visitor.ts";

/** The browser says nothing of interactions that took less. */
const SHORTEST_MS = 16;

export const interaction: Measure<Visit> = {
  ids: idsOf({ "page-interaction": { rows: ["", "-p95", "-slow", "-slow-p95"] } }),

  /** One text for all conditions, which take turns: its end is harder than its beginning. */
  async run(visit, budgets) {
    const [tokens, pause] = [given(budgets[0]!, "tokens"), given(budgets[0]!, "pause")];
    const groups = byConditions(budgets);
    const visitor = await visit.visitor(budgets, { throttle: 1 });
    await visitor.page.goto("/tasks");
    await visitor.compose();
    await visitor.send(`A tide table, in ${tokens} tokens`);
    await visitor.writes();
    const hands = await handsOf(visitor);
    await visitor.answered(); // what was pressed until now
    const samples = new Map(groups.map(({ throttle }) => [throttle, [] as number[]]));
    const most = Math.max(...groups.map(({ runs }) => runs));
    for (let run = 0; run < most; run++)
      for (const { throttle } of groups) {
        await visitor.under({ throttle });
        await hands[run % hands.length]!();
        samples.get(throttle)!.push(Math.max(SHORTEST_MS, await visitor.answered()));
        await sleep(pause);
      }
    if (await visitor.isDone()) throw new Sentence("The text was done before the last interaction.");
    await visitor.end();
    await visit.mustLive();
    const results: Record<string, Result> = {};
    for (const { throttle, rows } of groups)
      for (const { id } of rows) results[id] = { samples: samples.get(throttle)! };
    return results;
  },
};

/** What a reader does meanwhile. Places are looked up once: looking is work for the page. */
async function handsOf({ page }: Visitor): Promise<(() => Promise<void>)[]> {
  const placeOf = async (name: RegExp) => {
    const box = await page.getByRole("banner").getByRole("button", { name }).boundingBox();
    if (!box) throw new Sentence(`There is no ${name} to press.`);
    return [box.x + box.width / 2, box.y + box.height / 2] as const;
  };
  const [theme, account] = [await placeOf(/^Theme/), await placeOf(/^Ada Lovelace/)];
  const click = ([x, y]: readonly [number, number]) => page.mouse.click(x, y);
  return [
    () => click(theme),
    () => click(account),
    () => page.keyboard.press("Escape"),
    () => page.keyboard.press("Tab"),
  ];
}
