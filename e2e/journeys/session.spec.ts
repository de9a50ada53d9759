/** A token lives for five minutes; nobody notices. */
import type { BrowserContext, Page } from "@playwright/test";

import { fromSite } from "../lib/member.ts";
import { site } from "../lib/site.ts";
import { TaskPage } from "../lib/task-page.ts";
import { expect, signedIn, test } from "../lib/test.ts";
import { look } from "../lib/visibility.ts";

const ACCESS = /slipstream_access$/;
const cookie = async (context: BrowserContext, name: RegExp) =>
  (await context.cookies()).find((found) => name.test(found.name));

/** As after five minutes. */
const expire = (context: BrowserContext) => context.clearCookies({ name: ACCESS });

/** What the pages of the context ask of the API. */
function renewals(context: BrowserContext): string[] {
  const asked: string[] = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/api/v1/auth/refresh")) asked.push(request.url());
  });
  return asked;
}

const write = async (page: Page, prompt: string) => {
  await page.locator("textarea").fill(prompt);
  await page.keyboard.press("Control+Enter");
};

signedIn("a page that is opened after the token ran out is the page, at its own address", async ({ page, context }) => {
  await expire(context);

  const response = await page.goto("/tasks?cursor=");

  expect(response?.status()).toBe(200);
  await expect(page).toHaveURL("/tasks?cursor=");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await cookie(context, ACCESS)).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual(["", 0, 0]);
});

signedIn("so is one that a link leads to", async ({ page, context }) => {
  await page.goto("/settings/sessions");
  await page.evaluate(() => Object.assign(window, { isSame: true }));
  await expire(context);

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Tasks" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("What do you want to build?");
  await expect(page).toHaveURL("/tasks");
  expect(await page.evaluate(() => "isSame" in window)).toBe(true);
});

signedIn("a task is sent by a page whose token ran out meanwhile", async ({ page, context }) => {
  await page.goto("/tasks");
  const asked = renewals(context);
  await expire(context);

  await write(page, "A plan, in 20 tokens");

  await expect(page).toHaveURL(/\/tasks\/[0-9a-f-]{36}$/);
  await new TaskPage(page).isDone();
  expect(asked).toHaveLength(1);
});

test("tabs whose token ran out at once renew it once, and their streams go on", async ({ context, member }) => {
  const task = await member.create("A long plan, in 6000 tokens");
  const tabs = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
  const views = tabs.map((tab) => new TaskPage(tab));
  await Promise.all(views.map((view) => view.open(task)));
  await Promise.all(views.map((view) => view.isWritingBeyond(0)));
  const asked = renewals(context);

  const given = tabs.map((tab) =>
    tab.waitForEvent("requestfailed", { predicate: (request) => request.url().endsWith("/stream") }),
  );
  await Promise.all(tabs.map((tab) => look(tab, "hidden")));
  await Promise.all(given);
  const before = await Promise.all(views.map((view) => view.length()));
  await expire(context);
  await Promise.all(tabs.map((tab) => look(tab, "visible")));

  await Promise.all(views.map((view, index) => view.isWritingBeyond(before[index]!)));
  expect(asked).toHaveLength(1);
  await member.cancel(task.id);
});

test("a session that is ended elsewhere leads to sign-in, once, and back", async ({ page, context, member }) => {
  const visits: string[] = [];
  await page.goto("/settings/sessions");
  page.on("request", (request) => {
    if (request.isNavigationRequest()) visits.push(new URL(request.url()).pathname);
  });

  await context.request.post("/api/v1/auth/logout", { headers: fromSite });

  await expect(page).toHaveURL("/sign-in?next=%2Fsettings%2Fsessions");
  expect(visits).toEqual(["/sign-in"]);
  await page.getByLabel("Email").fill(member.credentials.email);
  await page.getByLabel("Password").fill(member.credentials.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/settings/sessions");
});

signedIn("what is being written isn't lost to that: the page says so", async ({ page, context }) => {
  await page.goto("/tasks");
  await page.locator("textarea").fill("Half a thought");

  await context.request.post("/api/v1/auth/logout", { headers: fromSite });

  await expect(page.getByRole("alert").filter({ hasText: "You are signed out." })).toBeVisible();
  await expect(page.locator("textarea")).toHaveValue("Half a thought");
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/sign-in?next=%2Ftasks");
});

test("a client that keeps no cookies is not sent round and round", async ({ member, context }) => {
  expect(member.credentials.email).toBeTruthy();
  const refresh = await cookie(context, /slipstream_refresh$/);
  const headers = { cookie: `${refresh!.name}=${refresh!.value}` };

  const way: string[] = [];
  for (let to: string | null = "/tasks"; to !== null && way.length < 10;) {
    way.push(to);
    to = (await fetch(new URL(to, site.url), { headers, redirect: "manual" })).headers.get("location");
  }

  expect(way).toEqual(["/tasks", "/tasks?renewed", "/sign-in?next=%2Ftasks&renewed"]);
});
