// A stack as in production with a browser before it, started when they are first asked for.
import { existsSync } from "node:fs";
import { join } from "node:path";

import { type Browser, type BrowserContextOptions, chromium } from "playwright-core";

import { findBrowser } from "../../scripts/lib/browser.ts";
import { Sentence } from "../../scripts/lib/errors.ts";
import { web } from "../../scripts/lib/paths.ts";
import { NAMES } from "../../scripts/lib/services.ts";
import type { Stack } from "../../scripts/lib/stack.ts";
import { throwAway } from "../../scripts/lib/throw-away.ts";
import { type Budget, given } from "../lib/budgets.ts";
import type { Context } from "../lib/command.ts";
import { UNLIMITED } from "../lib/stand.ts";
import { eventually } from "../lib/wait.ts";
import { type Conditions, Visitor } from "./visitor.ts";

const WATCHED = ["web", "api", "worker", "beat", "postgres", "valkey"] as const;

interface Site {
  stack: Stack;
  browser: Browser;
  pids: string;
}

export class Visit implements Context {
  readonly planted: boolean;
  #site: Promise<Site> | null = null;
  #rate = 0;
  #ended = async () => {};

  constructor(planted: boolean) {
    this.planted = planted;
  }

  /** Starts what isn't there yet. All rows write at one rate: the stack has one. */
  #at(budgets: readonly Budget[]): Promise<Site> {
    const rates = new Set(budgets.map((budget) => given(budget, "rate")));
    if (this.#rate > 0) rates.add(this.#rate);
    if (rates.size > 1) throw new Sentence("The browser's rows are given several rates; its stack writes at one.");
    [this.#rate = 0] = rates;
    return (this.#site ??= this.#start(this.#rate));
  }

  async #start(rate: number): Promise<Site> {
    if (!existsSync(join(web, ".next", "standalone", "web", "server.js")))
      throw new Sentence("There is no build of the page: make build-web.");
    const { path, args } = await findBrowser();
    const { stack, end } = await throwAway(NAMES, { ...UNLIMITED, OFFLINE_TOKENS_PER_SECOND: String(rate) });
    this.#ended = () => end("browser-logs");
    await stack.start(() => undefined);
    const browser = await chromium.launch({ executablePath: path, args });
    this.#ended = async () => {
      await browser.close().catch(() => undefined);
      await end("browser-logs");
    };
    return { stack, browser, pids: await pidsOf(stack) };
  }

  async stack(budgets: readonly Budget[]): Promise<Stack> {
    return (await this.#at(budgets)).stack;
  }

  /** While a part of the stack is down. */
  async without(name: "worker", doing: () => Promise<void>): Promise<void> {
    const site = await this.#site!;
    await site.stack.fell(name);
    await doing();
    await site.stack.raise(name);
    await eventually(`another ${name}`, async () => (await site.stack.pid(name)) !== null);
    site.pids = await pidsOf(site.stack);
  }

  /** Somebody who has just registered, with a browser window of their own. */
  async visitor(budgets: readonly Budget[], conditions: Omit<Conditions, "delay">, options?: BrowserContextOptions) {
    const { stack, browser } = await this.#at(budgets);
    const { SITE_URL: url, API_URL: api } = stack.plan.env as { SITE_URL: string; API_URL: string };
    const delay = this.planted ? FAULT_MS : 0;
    return Visitor.register(browser, { url, api }, { ...conditions, delay }, options);
  }

  /** Throws a sentence when a part of the stack died meanwhile, even if it was started again. */
  async mustLive(): Promise<void> {
    const site = await this.#site;
    if (site && (await pidsOf(site.stack)) !== site.pids) throw new Sentence("A server died while it was measured.");
  }

  async end(): Promise<void> {
    await this.#site?.catch(() => undefined);
    await this.#ended();
  }
}

/** How late everything comes in a browser whose network is made slow. */
const FAULT_MS = 1_000;

async function pidsOf(stack: Stack): Promise<string> {
  const pids = await Promise.all(WATCHED.map((name) => stack.pid(name)));
  return pids.join(" ");
}
