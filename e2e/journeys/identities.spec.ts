import type { Page } from "@playwright/test";

import { startProvider, UNVERIFIED } from "../lib/identity-provider.ts";
import { isAccessible } from "../lib/looks.ts";
import { newcomer } from "../lib/member.ts";
import { site } from "../lib/site.ts";
import { expect, test } from "../lib/test.ts";

// One provider for all of them: it listens where the stack was told.
test.describe.configure({ mode: "default" });

let stop: () => Promise<void>;
test.beforeAll(async () => {
  stop = await startProvider();
});
test.afterAll(() => stop());

async function agree(page: Page, email: string): Promise<void> {
  await page.getByLabel("Address").fill(email);
  await page.getByRole("button", { name: "Yes" }).click();
}

test(
  "a newcomer signs in at the provider, comes where they wanted to, and comes again",
  { tag: "@inside" },
  async ({ page, context }) => {
    const { email } = newcomer();

    await page.goto("/tasks?from=here");
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await page.getByRole("link", { name: "Continue with Lighthouse" }).click();
    await agree(page, email);

    await expect(page).toHaveURL("/tasks?from=here");
    await page.getByRole("button", { name: "Grace Hopper" }).click();
    await expect(page.getByText(email)).toBeVisible();
    expect((await context.cookies()).filter(({ name }) => name.includes("oauth"))).toEqual([]);

    // Without their session here; the provider remembers them.
    await context.clearCookies({ domain: new URL(site.url).hostname });
    await page.goto("/register");
    await page.getByRole("link", { name: "Continue with Lighthouse" }).click();
    await expect(page).toHaveURL("/tasks");
    await expect(page.getByRole("button", { name: "Grace Hopper" })).toBeVisible();
  },
);

test(
  "whoever says no, or has an address that nobody vouches for, is told so",
  { tag: ["@long", "@inside"] },
  async ({ page }) => {
    await page.goto("/sign-in?next=%2Fsettings");
    await page.getByRole("link", { name: "Continue with Lighthouse" }).click();
    await page.getByRole("button", { name: "No" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "was told not to sign you in" })).toBeVisible();
    await isAccessible(page);

    await page.getByRole("link", { name: "Continue with Lighthouse" }).click();
    await agree(page, `${UNVERIFIED}${newcomer().email}`);
    await expect(page.getByRole("alert").filter({ hasText: "doesn't vouch for your email address" })).toBeVisible();
    await expect(page).toHaveURL(/^[^?]+\/sign-in\?error=email_unverified&provider=oidc&next=%2Fsettings$/);
  },
);

test(
  "an address that has an account is linked from within, and let go again",
  { tag: ["@long", "@inside"] },
  async ({ page, context, member }) => {
    const { email, password, name } = member.credentials;
    await context.clearCookies();

    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Continue with Lighthouse" }).click();
    await agree(page, email);
    await expect(
      page.getByRole("alert").filter({ hasText: "There is an account with your email address" }),
    ).toBeVisible();

    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/tasks");
    await page.goto("/settings/linked-accounts");
    await page.getByRole("link", { name: "Link Lighthouse" }).click();
    await expect(page.getByText("Lighthouse is linked")).toBeVisible();
    await isAccessible(page);

    await page.getByRole("button", { name: "Unlink Lighthouse" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Unlink" }).click();
    await expect(page.getByText("Nothing is linked")).toBeVisible();
    await expect(page.getByRole("button", { name })).toBeVisible();
  },
);
