/** What a page must be like in every theme and at every width. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const themes = ["light", "dark"] as const;

/** Passes when axe finds nothing, in either theme. */
export async function isAccessible(page: Page): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.evaluate(settled);
    // The guards at the edges of an open menu or dialog hand the focus on and never keep it, which axe can't see.
    const { violations } = await new AxeBuilder({ page }).exclude("[data-base-ui-focus-guard]").analyze();
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n    ")}`);
    expect(told, `${page.url()} in the ${theme} theme`).toEqual([]);
  }
}

/** Two frames on, and every transition done: axe would measure a colour on its way from one theme to the other. */
async function settled(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1) await new Promise((done) => requestAnimationFrame(done));
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
}

/** Passes when nothing is wider than the window. */
export async function fits(page: Page): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, page.url()).toBeLessThanOrEqual(page.viewportSize()!.width);
}
