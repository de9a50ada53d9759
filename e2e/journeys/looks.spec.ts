import type { Page } from "@playwright/test";

import { fits, isAccessible } from "../lib/looks.ts";
import type { Member } from "../lib/member.ts";
import { TaskPage } from "../lib/task-page.ts";
import { expect, test } from "../lib/test.ts";

type Look = (page: Page) => Promise<void>;

async function visit(page: Page, path: string, look: Look): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("main")).toBeVisible();
  await look(page);
}

/** The pages that need no session, with what goes wrong on them. */
async function publicPages(page: Page, look: Look): Promise<void> {
  await visit(page, "/", look);
  await visit(page, "/no/such/page", look);
  await visit(page, "/register", look);
  await visit(page, "/sign-in", look);
  await page.getByLabel("Email").fill("nobody@example.com");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await look(page);
}

/** A member's pages, in the states in which they meet them. */
async function memberPages(page: Page, member: Member, look: Look): Promise<void> {
  await visit(page, "/tasks", look);
  const prompt = "A **bold** `shop` for [books](https://example.com/a) & a_very_long_word".repeat(3);
  const written = await member.finished((await member.create(prompt)).id);
  await member.cancel((await member.create("A".repeat(300))).id);
  await visit(page, "/tasks", look);
  await page.getByRole("button", { name: member.credentials.name }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await look(page);
  await visit(page, "/tasks/0190a0a0-0000-7000-8000-000000000000", look);

  await visit(page, `/tasks/${written.id}`, look);
  await page.getByText("The plan as data").click();
  await look(page);
}

/** A task's page while it is written. */
async function writingPage(page: Page, member: Member, look: Look): Promise<void> {
  const taskPage = new TaskPage(page);
  await taskPage.open(await member.create("A greenhouse with sensors, in 4000 tokens"));
  await taskPage.isWritingBeyond(200);
  await look(page);
  await taskPage.cancel.click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await look(page);
}

// Every page, in both themes, on a machine that may be busy.
test.describe.configure({ timeout: 180_000 });

const narrow = { width: 320, height: 640 };

test("axe finds nothing on the public pages", ({ page }) => publicPages(page, isAccessible));

test("axe finds nothing on a member's pages", { tag: "@long" }, ({ page, member }) =>
  memberPages(page, member, isAccessible),
);

test("axe finds nothing on a page that is being written", ({ page, member }) =>
  writingPage(page, member, isAccessible));

test("nothing is wider than a narrow phone", { tag: "@long" }, async ({ page, member }) => {
  await page.setViewportSize(narrow);

  await memberPages(page, member, fits);
  await writingPage(page, member, fits);
  await page.context().clearCookies();
  await publicPages(page, fits);
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
