/** What the links in mails are for. */
import type { Page } from "@playwright/test";

import { freePorts } from "../../scripts/lib/ports.ts";
import { fits, isAccessible } from "../lib/looks.ts";
import { linkIn, mailsTo } from "../lib/mailbox.ts";
import { newcomer } from "../lib/member.ts";
import { OwnApi } from "../lib/own-api.ts";
import { PageServer } from "../lib/page-server.ts";
import { site } from "../lib/site.ts";
import { expect, test } from "../lib/test.ts";

const NEW_PASSWORD = "another long and quiet sentence";

/** Opens a link as a person does: its secret is out of the address before anything else happens. */
async function open(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await expect(page).toHaveURL(link.slice(0, link.indexOf("#")));
}

async function signIn(page: Page, email: string, password: string, where = site.url): Promise<void> {
  await page.goto(`${where}/sign-in`);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test(
  "a forgotten password is replaced by a mail's link, once",
  { tag: "@inside" },
  async ({ page, context, member }) => {
    const { email, password } = member.credentials;
    await context.clearCookies();
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await expect(page).toHaveURL("/forgot-password");
    await page.getByLabel("Email").fill(email);
    await page.getByRole("button", { name: "Send me a link" }).click();
    await expect(page.getByRole("heading", { name: "Look into your mailbox." })).toBeFocused();

    const link = await linkIn(email, "/reset-password");
    await open(page, link);
    await page.getByLabel("New password").fill(NEW_PASSWORD);
    await page.getByRole("button", { name: "Change my password" }).click();
    await expect(page.getByRole("heading", { name: "Your password is changed." })).toBeFocused();
    await page.getByRole("link", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/sign-in");
    await signIn(page, email, password);
    await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
    await signIn(page, email, NEW_PASSWORD);
    await expect(page).toHaveURL("/tasks");

    await open(page, link);
    await page.getByLabel("New password").fill("a third long and quiet sentence");
    await page.getByRole("button", { name: "Change my password" }).click();
    await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
    await expect(page.getByRole("link", { name: "Ask for another link" })).toBeVisible();
  },
);

test("looking at a link spends nothing", { tag: ["@long", "@inside"] }, async ({ page, member }) => {
  const { email } = member.credentials;
  await page.goto("/forgot-password");
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  const link = await linkIn(email, "/reset-password");
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ""}`));

  await open(page, link);
  await expect(page.getByLabel("New password")).toBeVisible();
  await page.reload();
  await expect(page.getByText("This page belongs to a link in a mail.")).toBeVisible();

  const secret = link.slice(link.indexOf("=") + 1);
  expect(sent.filter((line) => line.includes(secret) || line.startsWith("POST"))).toEqual([]);
});

test(
  "an address is changed by a link to the new one, and the old one is told",
  { tag: ["@long", "@inside"] },
  async ({ page, member }) => {
    const { email, password } = member.credentials;
    const { email: wanted } = newcomer();
    await page.goto("/settings/email");
    await page.getByLabel("New email").fill(wanted);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Send a link to the new address" }).click();
    await expect(page.getByText("A link is on its way to the new address.")).toBeVisible();

    await open(page, await linkIn(wanted, "/change-email"));
    await page.getByRole("button", { name: "Use this address from now on" }).click();
    await expect(page.getByRole("heading", { name: "Your new address is in use." })).toBeFocused();
    await page.goto("/settings/email");
    await expect(page.getByText(`Your address here is ${wanted}.`)).toBeVisible();
    await expect.poll(() => mailsTo(email).length).toBeGreaterThan(0);
  },
);

test(
  "where addresses are verified, an account begins with a mail's link",
  { tag: ["@long", "@inside"] },
  async ({ page }) => {
    test.setTimeout(120_000);
    const { name, email, password } = newcomer();
    const [port] = await freePorts(1);
    const web = await PageServer.start({ API_URL: `http://127.0.0.1:${port}`, SITE_URL: site.url });
    const api = await OwnApi.start(port!, { SITE_URL: web.url, EMAIL_VERIFICATION: "1" });

    for (const who of [name, "Somebody Else"]) {
      await page.goto(`${web.url}/register`);
      await page.getByLabel("Name").fill(who);
      await page.getByLabel("Email").fill(email);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page.getByRole("heading", { name: "Look into your mailbox." })).toBeFocused();
    }
    await signIn(page, email, password, web.url);
    await expect(page.getByRole("link", { name: "Have another one sent" })).toBeVisible();

    await page.goto(web.url + (await linkIn(email, "/verify-email")));
    await page.getByRole("button", { name: "Confirm my address" }).click();
    await expect(page.getByRole("heading", { name: "Your address is confirmed." })).toBeFocused();
    await signIn(page, email, password, web.url);
    await expect(page).toHaveURL(`${web.url}/tasks`);

    await page.goto("about:blank"); // the page fetches what it may need later, and would miss its server
    await Promise.all([web.stop(), api.stop()]);
  },
);

test("axe finds nothing on the way to a new password", { tag: "@long" }, async ({ page, context, member }) => {
  test.setTimeout(180_000);
  const { email } = member.credentials;
  await context.clearCookies();
  const looks = async () => {
    await isAccessible(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await fits(page);
    await page.setViewportSize({ width: 1280, height: 720 });
  };
  for (const path of ["/forgot-password", "/reset-password", "/verify-email", "/change-email"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await looks();
  }
  await page.goto("/verify-email#token=nothing-like-one");
  await page.getByRole("button", { name: "Confirm my address" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await looks();
  await page.goto("/forgot-password");
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("heading", { name: "Look into your mailbox." })).toBeVisible();
  await looks();
});
