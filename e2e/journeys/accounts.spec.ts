import { newcomer } from "../lib/member.ts";
import { expect, signedIn, test } from "../lib/test.ts";

test("a newcomer registers and is where tasks begin", { tag: "@slice" }, async ({ page }) => {
  const { name, email, password } = newcomer();

  await page.goto("/register");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();

  await expect(page).toHaveURL("/tasks");
  await expect(page.getByRole("heading", { level: 1, name: "What do you want to build?" })).toBeVisible();
  await expect(page.getByText("Nothing here yet.")).toBeVisible();
});

test("an address can be registered once", async ({ page, context, member }) => {
  await context.clearCookies();

  await page.goto("/register");
  await page.getByLabel("Name").fill("Somebody Else");
  await page.getByLabel("Email").fill(member.credentials.email);
  await page.getByLabel("Password").fill("another long and quiet sentence");
  await page.getByRole("button", { name: "Create account" }).click();

  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await expect(page).toHaveURL("/register");
});

test(
  "signing out closes what needs a session, signing in opens it again",
  { tag: "@slice" },
  async ({ page, member }) => {
    await page.goto("/tasks");
    await page.getByRole("button", { name: member.credentials.name }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page).toHaveURL("/");

    await page.goto("/tasks");
    await expect(page).toHaveURL("/sign-in?next=%2Ftasks");
    await page.getByLabel("Email").fill(member.credentials.email);
    await page.getByLabel("Password").fill(member.credentials.password);
    await page.getByRole("button", { name: "Sign in" }).click();

    await expect(page).toHaveURL("/tasks");
  },
);

test("a wrong password is told and opens nothing", async ({ page, context, member }) => {
  await context.clearCookies();

  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(member.credentials.email);
  await page.getByLabel("Password").fill("not the password at all");
  await page.getByRole("button", { name: "Sign in" }).click();

  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await expect(page).toHaveURL("/sign-in");
  expect(await context.cookies()).toEqual([]);
});

signedIn("scripts on the page can't read the session", async ({ page, context }) => {
  await page.goto("/tasks");

  expect(await context.cookies()).not.toEqual([]);
  expect(await page.evaluate(() => document.cookie)).toBe("");
});

test("a signed-out reader comes back to the task they wanted", async ({ page, context, member }) => {
  const task = await member.create("A quiz for one class");
  await context.clearCookies();

  await page.goto(`/tasks/${task.id}`);
  await page.getByLabel("Email").fill(member.credentials.email);
  await page.getByLabel("Password").fill(member.credentials.password);
  await page.getByRole("button", { name: "Sign in" }).click();

  await expect(page).toHaveURL(`/tasks/${task.id}`);
});
