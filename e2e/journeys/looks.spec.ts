import type { Page } from "@playwright/test";

import { fits, isAccessible, themes, wear } from "../lib/looks.ts";
import type { Member } from "../lib/member.ts";
import { TaskPage } from "../lib/task-page.ts";
import { expect, test } from "../lib/test.ts";

/** Every kind of page, in the states in which a reader meets it. */
async function everyPage(page: Page, member: Member, look: (page: Page) => Promise<void>): Promise<void> {
  const visit = async (path: string) => {
    await page.goto(path);
    await expect(page.getByRole("main")).toBeVisible();
    await look(page);
  };
  await visit("/tasks");
  const written = await member.finished(
    (await member.create("A **bold** `shop` for [books](https://example.com/a) & a_very_long_word".repeat(3))).id,
  );
  await member.cancel((await member.create("A".repeat(300))).id);

  await visit("/");
  await visit("/tasks");
  await page.getByRole("button", { name: member.credentials.name }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await look(page);
  await visit("/no/such/page");
  await visit("/tasks/0190a0a0-0000-7000-8000-000000000000");

  await visit(`/tasks/${written.id}`);
  await page.getByText("The plan as data").click();
  await look(page);

  const writing = await member.create("A greenhouse with sensors, in 4000 tokens");
  await visit(`/tasks/${writing.id}`);
  const taskPage = new TaskPage(page);
  await taskPage.isWritingBeyond(200);
  await look(page);
  await taskPage.cancel.click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await look(page);
  await member.cancel(writing.id);

  await page.context().clearCookies();
  await visit("/register");
  await visit("/sign-in");
  await page.getByLabel("Email").fill(member.credentials.email);
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await look(page);
}

for (const theme of themes) {
  test(`axe finds nothing on any page in the ${theme} theme`, async ({ page, member }) => {
    test.slow();
    await wear(page, theme);

    await everyPage(page, member, isAccessible);
  });
}

test("nothing is wider than a narrow phone", async ({ page, member }) => {
  await page.setViewportSize({ width: 320, height: 640 });

  await everyPage(page, member, fits);
});

test("the theme that was chosen stays", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();

  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  await page.reload();

  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  expect(await paper()).not.toBe(light);
});
