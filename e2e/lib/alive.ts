/**
 * A page that the server rendered looks ready before its scripts have run, and what is pressed until then does
 * nothing. So every act of a test waits until the page is alive: no test has to think of it. `LATE=1500 make e2e` has
 * every page wake up so many milliseconds later than it could, for whoever looks for races.
 */
import type { BrowserContext, Locator, Page } from "@playwright/test";

const ACTS = ["check", "clear", "click", "dblclick", "fill", "hover", "press", "selectOption", "uncheck"] as const;
type Acts = Record<(typeof ACTS)[number], (this: Locator, ...args: unknown[]) => Promise<unknown>>;
const PATIENCE = 20_000;
const late = Number(process.env["LATE"] ?? 0);

/** Passes when React has taken over what is shown. Pages of others, and what is no page, are as alive as they get. */
export async function isAlive(page: Page): Promise<void> {
  for (;;) {
    try {
      if (await page.evaluate(hydrated, PATIENCE)) return;
      throw new Error(`After ${PATIENCE} ms no script has taken over ${page.url()}`);
    } catch (error) {
      // It was left meanwhile: the next one has to be alive.
      if (page.isClosed() || !/context was destroyed|navigati/i.test(String(error))) throw error;
    }
  }
}

/** React keeps the root of its tree at the document, and says of it whether it is still what the server made. */
async function hydrated(patience: number): Promise<boolean> {
  interface Root {
    stateNode: { current: { memoizedState: { isDehydrated?: boolean } | null } };
  }
  const isAwake = () => {
    if (document.readyState !== "loading" && !document.querySelector("script[src*='/_next/static/']")) return true;
    const key = Object.keys(document).find((name) => name.startsWith("__reactContainer$"));
    if (key === undefined) return false;
    const { stateNode }: Root = Reflect.get(document, key);
    return stateNode.current.memoizedState?.isDehydrated === false;
  };
  const begun = performance.now();
  // No frames: a page behind another may get none.
  while (!isAwake() && performance.now() - begun < patience) await new Promise((done) => setTimeout(done, 10));
  return isAwake();
}

/** Makes every act on the context's pages, by whichever locator, wait for that. */
export async function actWhenAlive(context: BrowserContext): Promise<void> {
  context.on("page", patient);
  if (late > 0) await context.addInitScript(sleepIn, late);
}

/** All locators have one prototype. */
function patient(page: Page): void {
  const locators: Acts & { isPatient?: true } = Object.getPrototypeOf(page.locator("html"));
  if (locators.isPatient) return;
  locators.isPatient = true;
  for (const act of ACTS) {
    const hasty = locators[act];
    locators[act] = async function (this: Locator, ...args: unknown[]) {
      await isAlive(this.page());
      return hasty.apply(this, args);
    };
  }
}

/** React begins with what it reads of the server's tree: from here on that takes its time. */
function sleepIn(ms: number): void {
  const readers: { read: (this: unknown) => Promise<unknown> } = ReadableStreamDefaultReader.prototype;
  const prompt = readers.read;
  readers.read = async function () {
    await new Promise((done) => setTimeout(done, ms - performance.now()));
    return prompt.call(this);
  };
}
