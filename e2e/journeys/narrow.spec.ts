/** A person with a small phone: 320 px wide, and a finger instead of a mouse. */
import type { Locator, Page } from "@playwright/test";

import { isAlive } from "../lib/alive.ts";
import { fits } from "../lib/looks.ts";
import { newcomer } from "../lib/member.ts";
import { expect, test } from "../lib/test.ts";

test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });

/** By a finger: there is no hovering before, and what is too small or covered isn't hit. */
async function tap(target: Locator): Promise<void> {
  await isAlive(target.page());
  await target.tap();
}

/** Passes when whatever stands in the bar at the top is whole and in reach: not cut, not under another. */
async function isTidy(page: Page): Promise<void> {
  await fits(page);
  const boxes = await page.getByRole("banner").evaluate((bar) =>
    [...bar.querySelectorAll("a, button")]
      // Not what is for who comes by Tab: it is cut to nothing until then.
      .filter((element) => element.checkVisibility() && getComputedStyle(element).position !== "absolute")
      .map((element) => {
        const { left, right, height } = element.getBoundingClientRect();
        return { name: element.ariaLabel ?? element.textContent, left, right, height };
      }),
  );
  for (const [index, { name, left, right, height }] of boxes.entries()) {
    expect(left, `${name} begins after what is left of it`).toBeGreaterThanOrEqual(boxes[index - 1]?.right ?? 0);
    expect(right, `${name} ends in the window`).toBeLessThanOrEqual(320);
    expect(Math.min(right - left, height), `${name} is large enough for a finger`).toBeGreaterThanOrEqual(24);
  }
}

test("from the landing page to a task and back out on a small phone", { tag: "@long" }, async ({ page, taskPage }) => {
  const { email, password } = newcomer();
  const name = "Augusta Ada King-Noel, Countess of Lovelace";

  await page.goto("/");
  await isTidy(page);
  await tap(page.getByRole("link", { name: "Start a task" }));
  await tap(page.getByRole("link", { name: "Create an account" }));
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await isTidy(page);
  await tap(page.getByRole("button", { name: "Create account" }));

  await expect(page).toHaveURL("/tasks");
  await isTidy(page);
  await page.getByLabel("What do you want to build?").fill("A lighthouse, in 3000 tokens");
  await tap(page.getByRole("button", { name: "Start" }));
  await taskPage.isWritingBeyond(200);
  await isTidy(page);
  await tap(taskPage.cancel);
  await tap(page.getByRole("alertdialog").getByRole("button", { name: "Cancel task" }));
  await expect(taskPage.state).toHaveText("Cancelled");
  await isTidy(page);

  await tap(page.getByRole("button", { name }));
  await expect(page.getByRole("menu")).toBeVisible();
  await fits(page);
  await tap(page.getByRole("menuitem", { name: "Settings" }));
  await expect(page.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
  await isTidy(page);
  await tap(page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Sessions" }));
  await expect(page.getByText("This session")).toBeVisible();
  await fits(page);

  await tap(page.getByRole("button", { name }));
  await tap(page.getByRole("menuitem", { name: "Sign out" }));
  await expect(page).toHaveURL("/");
});
