/** What somebody does with their own account. */
import { readFile } from "node:fs/promises";

import { fits, isAccessible } from "../lib/looks.ts";
import { expect, test } from "../lib/test.ts";

const NEW_PASSWORD = "another long and quiet sentence";

test("a name is changed wherever it stands", { tag: "@long" }, async ({ page, member }) => {
  await page.goto("/tasks");
  await page.getByRole("button", { name: member.credentials.name }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await expect(page).toHaveURL("/settings/profile");
  await page.getByLabel("Name").fill("Countess of Lovelace");
  await page.getByRole("button", { name: "Save" }).click();

  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(page.getByRole("banner").getByRole("button", { name: "Countess of Lovelace" })).toBeVisible();
});

test("a new password ends the other sessions, and this one goes on", async ({ page, member, browser }) => {
  const other = await browser.newContext();
  const theirs = await other.newPage();
  await member.signIn(member.credentials, other.request);

  await page.goto("/settings/sessions");
  await expect(page.getByRole("button", { name: /^End the session on/ })).toHaveCount(1);
  await page.getByRole("link", { name: "Password" }).click();
  await page.getByLabel("Current password").fill("not the password at all");
  await page.getByLabel("New password").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Current password")).toBeFocused();
  await page.getByLabel("Current password").fill(member.credentials.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Changed. Your other sessions have ended.")).toBeVisible();

  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByText("This session")).toBeVisible();
  await expect(page.getByRole("button", { name: /^End/ })).toHaveCount(0);
  await theirs.goto("/tasks");
  await expect(theirs).toHaveURL("/sign-in?next=%2Ftasks");
  await other.close();
});

test("a session that is ended is signed out where it is open", { tag: "@long" }, async ({ page, member, browser }) => {
  const others = await Promise.all([browser.newContext(), browser.newContext(), browser.newContext()]);
  for (const { request } of others) await member.signIn(member.credentials, request);
  const open = await others[0].newPage();
  await open.goto("/tasks");
  await page.goto("/settings/sessions");
  const end = page.getByRole("button", { name: /^End the session on/ });
  await expect(end).toHaveCount(3);

  await end.first().click();
  await expect(end).toHaveCount(2);
  await expect(page.getByRole("status").filter({ hasText: "has ended" })).toBeAttached();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await page.getByRole("button", { name: "End all other sessions" }).click();
  await page.getByRole("button", { name: "End them" }).click();

  await expect(end).toHaveCount(0);
  const answers = () => Promise.all(others.map(async ({ request }) => (await request.get("/api/v1/me")).status()));
  await expect.poll(answers).toEqual([401, 401, 401]);
  // By itself: its stream was closed, and nothing renews the session.
  await expect(open).toHaveURL("/sign-in?next=%2Ftasks");
  await Promise.all(others.map((each) => each.close()));
});

test("one's data is downloaded, and then deleted for good", async ({ page, context, member }) => {
  const { email, password, name } = member.credentials;
  const task = await member.create("A garden of one's own");
  await page.goto("/settings/data");

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my data" }).click();
  const file = await readFile(await (await download).path(), "utf8");
  expect(JSON.parse(file)).toHaveProperty("data");
  for (const own of [email, name, task.id, "A garden of one's own"]) expect(file).toContain(own);

  await page.getByLabel("Password").fill("not the password at all");
  await page.getByRole("button", { name: "Delete my account" }).click();
  await page.getByRole("button", { name: "Delete it for good" }).click();
  await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Delete my account" }).click();
  await page.getByRole("button", { name: "Delete it for good" }).click();

  await expect(page).toHaveURL("/");
  expect((await context.request.get("/api/v1/me")).status()).toBe(401);
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
});

const PAGES = ["profile", "email", "password", "sessions", "linked-accounts", "api-keys", "data"];

test("axe finds nothing on the settings, and nothing is too wide", { tag: "@long" }, async ({ page, member }) => {
  test.setTimeout(180_000);
  for (const name of PAGES) {
    await page.goto(`/settings/${name}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await isAccessible(page);
  }
  await page.getByLabel("Password").fill(member.credentials.password);
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await isAccessible(page);
  await page.goto("/settings/api-keys");
  await page.getByLabel("Name").fill("Nightly report");
  await page.getByRole("button", { name: "Make a key" }).click();
  await expect(page.getByRole("checkbox", { name: "Read tasks" })).toHaveAttribute("aria-invalid", "true");
  await isAccessible(page);
  await page.getByRole("checkbox", { name: "Read tasks" }).check();
  await page.getByRole("button", { name: "Make a key" }).click();
  await expect(page.getByLabel("Key", { exact: true })).toBeVisible();
  await isAccessible(page);

  await page.setViewportSize({ width: 320, height: 640 });
  for (const name of PAGES) {
    await page.goto(`/settings/${name}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await fits(page);
  }
});

test("settings lead a visitor to sign in, and back", async ({ page }) => {
  await page.goto("/settings/sessions");

  await expect(page).toHaveURL("/sign-in?next=%2Fsettings%2Fsessions");
});
