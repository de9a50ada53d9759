/** A reader without a pointer. */
import { expect, type Locator, type Page } from "@playwright/test";

import { isAlive } from "./alive.ts";

/** Passes when keys go to what has just opened: it is seen a moment before it has the focus. */
export const hasFocus = (opened: Locator): Promise<void> =>
  expect(opened.and(opened.page().locator(":focus-within"))).toBeVisible();

/** Goes on by Tab until the focus is there. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await isAlive(page);
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  await expect(target, "reached by Tab").toBeFocused();
}
