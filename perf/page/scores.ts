// What Lighthouse gives the pages that anybody may see, on a slow phone.
import lighthouse, { defaultConfig, type Result as Report } from "lighthouse";

import { Sentence } from "../../scripts/lib/errors.ts";
import type { Result } from "../lib/budgets.ts";
import type { Measure } from "../lib/command.ts";
import { startChromium } from "./chromium.ts";
import type { Site } from "./site.ts";

const PAGES = ["/", "/sign-in", "/register", "/forgot-password"];
const CATEGORY: Record<string, string> = {
  "lighthouse-performance": "performance",
  "lighthouse-accessibility": "accessibility",
  "lighthouse-best-practices": "best-practices",
  "lighthouse-seo": "seo",
};
type Category = Report.Category;
type Audit = Pick<Report["audits"][string], "score" | "displayValue">;
/** By category, what one run gave. */
type Scores = Record<string, number>;

export const scores: Measure<Site> = {
  ids: Object.keys(CATEGORY),

  /** The pages take turns, so that no page has all of a bad moment. */
  async run(site, budgets) {
    const chromium = await startChromium();
    site.endsWith(() => chromium.end());
    const categories = budgets.map(({ id }) => CATEGORY[id]!);
    const runs = Math.max(...budgets.map(({ samples }) => samples));
    const given = new Map(PAGES.map((page): [string, Scores[]] => [page, []]));
    for (let run = 0; run < runs; run++)
      for (const page of PAGES) given.get(page)!.push(await scoresOf(site.url + page, chromium.port, categories));
    await site.mustLive();
    return Object.fromEntries(categories.map((category, at) => [budgets[at]!.id, resultOf(category, given)]));
  },
};

/**
 * A sample is the lowest that any page had in its best run, in its second best, and so on: their median is the lowest
 * of the pages' medians.
 */
export function resultOf(category: string, given: ReadonlyMap<string, readonly Scores[]>): Result {
  const sorted = [...given.values()].map((runs) => runs.map((run) => run[category]!).toSorted((a, b) => b - a));
  const samples = sorted[0]!.map((_, rank) => Math.min(...sorted.map((page) => page[rank]!)));
  const pages = [...given.keys()].map((page, at) => `${page} ${sorted[at]!.join(" ")}`);
  return { samples, note: pages.join(", ") };
}

/** Not what is worth no point: it is half of the work. */
const WORTHLESS = (onlyCategories: string[]): string[] => {
  const all = onlyCategories.flatMap((name) => defaultConfig.categories![name]!.auditRefs);
  const counted = new Set(all.filter(({ weight }) => weight > 0).map(({ id }) => id));
  return [...new Set(all.map(({ id }) => id))].filter((id) => !counted.has(id));
};

/** Now and then Chromium's recording lacks the navigation itself: that says nothing of the page. */
const UNRECORDED = "NO_NAVSTART";
const TRIES = 4;

async function scoresOf(url: string, port: number, categories: string[], tries = TRIES): Promise<Scores> {
  const result = await lighthouse(url, {
    port,
    logLevel: "error",
    onlyCategories: categories,
    skipAudits: WORTHLESS(categories),
    disableFullPageScreenshot: true,
  });
  const { runtimeError, categories: rated, finalDisplayedUrl } = result!.lhr;
  const isUnrecorded = Object.values(result!.lhr.audits).some(({ errorMessage }) => errorMessage?.includes(UNRECORDED));
  if (isUnrecorded && tries > 1) {
    console.log(`  ${url}: once more, the recording has no beginning`);
    return scoresOf(url, port, categories, tries - 1);
  }
  if (runtimeError) throw new Sentence(`Lighthouse on ${url}: ${runtimeError.message}`);
  for (const name of categories) sayWhatCosts(url, rated[name]!, result!.lhr.audits);
  if (finalDisplayedUrl !== url) throw new Sentence(`${url} led to ${finalDisplayedUrl}.`);
  return Object.fromEntries(categories.map((name) => [name, Math.round(scoreOf(rated[name]?.score, url, name) * 100)]));
}

/** For whoever has to find out. */
function sayWhatCosts(url: string, { title, auditRefs }: Category, audits: Record<string, Audit>): void {
  for (const { id, weight } of auditRefs) {
    const { score, displayValue = "" } = audits[id]!;
    if (weight > 0 && score !== null && score < 1) console.log(`  ${url}: ${title} loses by ${id} ${displayValue}`);
  }
}

function scoreOf(score: number | null | undefined, url: string, category: string): number {
  if (typeof score !== "number") throw new Sentence(`Lighthouse gave ${url} no score for ${category}.`);
  return score;
}
