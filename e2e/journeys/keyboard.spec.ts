import type { Locator, Page } from "@playwright/test";

import { newcomer } from "../lib/member.ts";
import { expect, test } from "../lib/test.ts";

/** Goes on by Tab until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  await expect(target, "reached by Tab").toBeFocused();
}

test("everything works from the keyboard alone", async ({ page, taskPage }) => {
  const { name, email, password } = newcomer();
  const { keyboard } = page;

  await page.goto("/");
  await keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await tabTo(page, page.getByRole("link", { name: "Start a task" }));
  await keyboard.press("Enter");

  await tabTo(page, page.getByRole("link", { name: "Create an account" }));
  await keyboard.press("Enter");
  await tabTo(page, page.getByLabel("Name"));
  await keyboard.type(name);
  await keyboard.press("Tab");
  await keyboard.type(email);
  await keyboard.press("Tab");
  await keyboard.type(password);
  await keyboard.press("Enter");

  await tabTo(page, page.getByLabel("What do you want to build?"));
  await keyboard.type("A chess clock, in 3000 tokens");
  await keyboard.press("Control+Enter");
  await taskPage.isWritingBeyond(50);

  await keyboard.press("Escape");
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await keyboard.press("Escape");
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await tabTo(page, taskPage.cancel);
  await keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Cancel task" }));
  await keyboard.press("Enter");
  await expect(taskPage.state).toHaveText("Cancelled");

  const account = page.getByRole("button", { name });
  await page.reload();
  await tabTo(page, account);
  await keyboard.press("Enter");
  await expect(page.getByRole("menu")).toBeVisible();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect(page).toHaveURL("/");
});
