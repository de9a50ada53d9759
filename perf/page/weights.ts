// What a page brings of scripts, compressed as they are sent, against an empty Next app in the same browser: first what
// its document names, and with what it fetches by itself once it runs.
import { get } from "node:http";

import { type Browser, chromium } from "playwright-core";

import { findBrowser } from "../../scripts/lib/browser.ts";
import { Sentence } from "../../scripts/lib/errors.ts";
import { type Budget, given, type Result } from "../lib/budgets.ts";
import type { Measure } from "../lib/command.ts";
import { startEmpty } from "./empty.ts";
import type { Site } from "./site.ts";

/** A row's pages: each is a sample. */
const PAGES: Record<string, readonly string[]> = {
  "weight-landing": ["/"],
  "weight-visitors": ["/sign-in", "/register", "/forgot-password"],
  "weight-task": ["task"],
  "weight-task-idle": ["task"],
  "weight-tasks": ["/tasks"],
  "weight-design": ["/design"],
  "weight-settings": [
    ...["profile", "email", "password", "linked-accounts", "sessions", "api-keys", "data"].map(
      (part) => `/settings/${part}`,
    ),
  ],
  "weight-admin": ["/admin/users", "/admin/audit"],
};
const UNTIL_IDLE = new Set(["weight-task-idle"]);
const FOR_VISITORS = new Set(["weight-landing", "weight-visitors"]);

export const weights: Measure<Site> = {
  ids: Object.keys(PAGES),

  async run(site, budgets) {
    const empty = await startEmpty();
    site.endsWith(() => empty.end());
    const { path, args } = await findBrowser();
    const browser = await chromium.launch({ executablePath: path, args });
    site.endsWith(() => browser.close());
    const { cookie, task } = await site.signIn();
    const sizes = new Map<string, Promise<number>>();

    const least = (await weightOf(browser, `${empty.url}/`, "", sizes)).first;
    const results: Record<string, Result> = {};
    for (const budget of budgets) {
      const paths = PAGES[budget.id]!.map((each) => (each === "task" ? task : each));
      const found: number[] = [];
      for (const each of paths) {
        const weight = await weightOf(browser, site.url + each, FOR_VISITORS.has(budget.id) ? "" : cookie, sizes);
        found.push(UNTIL_IDLE.has(budget.id) ? weight.idle : weight.first);
      }
      results[budget.id] = resultOf(budget, paths, found, least);
    }
    await site.mustLive();
    return results;
  },
};

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);

function resultOf(budget: Budget, paths: readonly string[], found: readonly number[], least: number): Result {
  const floor = given(budget, "emptyAtLeast");
  if (least < floor) throw new Sentence(`The empty app brought ${least} bytes: that isn't Next.`);
  const most = Math.max(...found);
  const heaviest = paths.length > 1 ? `${paths[found.indexOf(most)]}: ` : "";
  return {
    samples: found.map((bytes) => bytes / least),
    note: `${heaviest}${kilobytes(most)} KB; empty ${kilobytes(least)} KB`,
  };
}

/** In bytes: the scripts that a page's document names, and all until it is idle but for those of other pages. */
async function weightOf(
  browser: Browser,
  url: string,
  cookie: string,
  sizes: Map<string, Promise<number>>,
): Promise<{ first: number; idle: number }> {
  const context = await browser.newContext({ serviceWorkers: "block" });
  try {
    const cookies = cookie
      .split("; ")
      .filter(Boolean)
      .map((pair) => /^([^=]+)=(.*)$/.exec(pair)!);
    await context.addCookies(
      cookies.map(([, name, value]) => ({ name: name!, value: value!, url: new URL("/", url).href })),
    );
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Network.enable");
    await cdp.send("Network.setBlockedURLs", { urls: ["*_rsc=*"] });
    const scripts = new Set<string>();
    page.on("request", (request) => {
      if (request.resourceType() === "script") scripts.add(request.url());
    });
    const response = await page.goto(url, { waitUntil: "networkidle" });
    if (!response?.ok() || page.url() !== url)
      throw new Sentence(`${url} led to ${page.url()} with status ${response?.status()}.`);
    const named = namedIn(await response.text()).map((address) => new URL(address, url).href);
    const sum = async (some: Iterable<string>): Promise<number> => {
      const all = [...some].map((script) => {
        if (!sizes.has(script)) sizes.set(script, sentSize(script));
        return sizes.get(script)!;
      });
      return (await Promise.all(all)).reduce((whole, size) => whole + size, 0);
    };
    return { first: await sum(new Set(named)), idle: await sum(new Set([...named, ...scripts])) };
  } finally {
    await context.close();
  }
}

/** The scripts of a document, without those for browsers that know no modules. */
export function namedIn(html: string): string[] {
  const tags = html.match(/<script\b[^>]*>|<link\b[^>]*>/gi) ?? [];
  const wanted = tags.filter((tag) =>
    /^<script/i.test(tag) ? !/\snomodule\b/i.test(tag) : /\sas="script"/i.test(tag),
  );
  return wanted.flatMap((tag) => /\s(?:src|href)="([^"]+)"/i.exec(tag)?.[1]?.replaceAll("&amp;", "&") ?? []);
}

/** What a browser would get of it, in bytes. */
function sentSize(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { "accept-encoding": "gzip" } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => (bytes += chunk.length));
      response.once("error", reject);
      response.once("end", () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Sentence(`${url}: ${response.statusCode}`));
      });
    }).once("error", reject);
  });
}
