/** What holds for each page of the app, however new it is: the list is read from its folders. */
import type { Page } from "@playwright/test";

import { makeAdmin } from "../lib/admin.ts";
import { fits, isAccessible } from "../lib/looks.ts";
import { addressOf, isProtected, routes } from "../lib/routes.ts";
import { expect, test } from "../lib/test.ts";

// Every page twice, and once more on a phone, on a machine that may be busy.
test.describe.configure({ timeout: 240_000 });

const WIDE = { width: 1280, height: 720 };
const NARROW = { width: 320, height: 640 };
const isForAdmins = (route: string): boolean => route.startsWith("/admin");

async function isSound(page: Page, path: string): Promise<void> {
  await page.setViewportSize(WIDE);
  const answer = await page.goto(path);
  expect(answer?.status(), path).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await isAccessible(page);
  await page.setViewportSize(NARROW);
  await fits(page);
}

test("axe finds nothing on any page for visitors, and each fits a phone", { tag: "@long" }, async ({ page }) => {
  const visited = routes.filter((route) => !isProtected(route));
  expect(visited).toContain("/");
  for (const route of visited) await isSound(page, route);
});

test("axe finds nothing on any page for members, and each fits a phone", { tag: "@long" }, async ({ page, member }) => {
  const { id } = await member.finished((await member.create("A greenhouse, in 100 tokens")).id);

  const visited = routes.filter((route) => isProtected(route) && !isForAdmins(route));
  expect(visited).toContain("/tasks/[id]");
  for (const route of visited) await isSound(page, addressOf(route, id));
});

test(
  "axe finds nothing on any page for administrators, and each fits a phone",
  { tag: ["@long", "@inside"] },
  async ({ page, member }) => {
    await makeAdmin(member.credentials.email);
    await member.signIn();

    const visited = routes.filter(isForAdmins);
    expect(visited).toContain("/admin/users");
    for (const route of visited) await isSound(page, route);
  },
);
