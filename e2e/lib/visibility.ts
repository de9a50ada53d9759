import type { Page } from "@playwright/test";

/** Playwright's pages are always in front: this one says of itself that it isn't. */
export async function look(page: Page, state: DocumentVisibilityState): Promise<void> {
  await page.evaluate((now) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, value: now });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}
