// What a page that is open for an hour keeps of all the texts that it showed.
import { Sentence } from "../../scripts/lib/errors.ts";
import { given } from "../lib/budgets.ts";
import type { Measure } from "../lib/command.ts";
import { startReplay } from "./replay.ts";
import type { Visit } from "./visit.ts";
import type { Visitor } from "./visitor.ts";

const MEGABYTE = 1e6;

export const memory: Measure<Visit> = {
  ids: ["page-memory"],

  /** One text after the other on one page, which is never loaded again; each sample is what is kept after one of them. */
  async run(visit, budgets) {
    const [budget] = budgets as [(typeof budgets)[0]];
    const number = (name: string) => given(budget, name);
    const visitor = await visit.visitor(budgets, { throttle: 1 });
    const text = await sampleOf(visitor, number("sample"));
    const perText = Math.round((number("seconds") * number("perSecond")) / budget.samples);
    const samples: number[] = [];
    const nodes: number[] = [];
    await visit.without("worker", async () => {
      const ids: string[] = [];
      for (let index = 0; index <= budget.samples; index++)
        ids.unshift((await visitor.create(`A tide table, number ${index}`)).id);
      const replay = await startReplay(text, perText, number("batch"));
      await redirect(visitor, replay.url);
      const { page } = visitor;
      await page.goto(`/tasks/${ids.pop()}`);
      await page.locator("article[aria-busy=false]").waitFor();
      const before = await kept(visitor);
      for (const id of ids.toReversed()) {
        await page.locator(`nav a[href="/tasks/${id}"]`).click();
        await page.waitForURL(`/tasks/${id}`);
        await page.locator("article[aria-busy=false]").waitFor();
        const after = await kept(visitor);
        samples.push((after.bytes - before.bytes) / MEGABYTE);
        nodes.push(after.nodes);
      }
      const length = Number(await page.locator("article").getAttribute("data-length"));
      if (length < perText) throw new Sentence(`Of ${perText} tokens the page has only ${length} characters.`);
      replay.end();
    });
    await visitor.end();
    return { "page-memory": { samples, note: `${Math.max(...nodes)} nodes at most` } };
  },
};

/** A text as they are written here. */
async function sampleOf(visitor: Visitor, tokens: number): Promise<string> {
  const { id } = await visitor.create(`A tide table, in ${tokens} tokens`);
  await visitor.finished(id);
  return (await visitor.task(id)).text;
}

/** The page asks its own site for streams, and doesn't notice who answers. */
async function redirect({ cdp }: Visitor, url: string): Promise<void> {
  cdp.on("Fetch.requestPaused", ({ requestId }) => void cdp.send("Fetch.continueRequest", { requestId, url }));
  await cdp.send("Fetch.enable", { patterns: [{ urlPattern: "*/api/v1/tasks/*/stream" }] });
}

/** What the page holds when all that nobody needs has been collected. */
async function kept({ cdp }: Visitor): Promise<{ bytes: number; nodes: number }> {
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  const { nodes } = await cdp.send("Memory.getDOMCounters");
  return { bytes: usedSize, nodes };
}
