/** Keys for machines: made and revoked on a page, used beside it. */
import { request } from "@playwright/test";

import { site } from "../lib/site.ts";
import { expect, signedIn } from "../lib/test.ts";

/** What the API answers a program that has nothing but this key. */
async function listTasks(key: string): Promise<number> {
  const program = await request.newContext({ baseURL: site.url, extraHTTPHeaders: { authorization: `Bearer ${key}` } });
  const answer = await program.get("/api/v1/tasks");
  await program.dispose();
  return answer.status();
}

signedIn("a key is made, shown once, used and revoked", async ({ page }) => {
  await page.goto("/settings/api-keys");
  await expect(page.getByText("No keys yet.")).toBeVisible();
  await page.getByLabel("Name").fill("Nightly report");
  await page.getByRole("button", { name: "Make a key" }).click();
  await expect(page.getByRole("checkbox", { name: "Read tasks" })).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("checkbox", { name: "Read tasks" }).check();
  await page.getByRole("button", { name: "Make a key" }).click();

  await expect(page.getByRole("heading", { name: "The key “Nightly report” is made." })).toBeFocused();
  const key = await page.getByLabel("Key", { exact: true }).inputValue();
  expect(key).toMatch(/^slp_/);
  expect(await listTasks(key)).toBe(200);

  await page.reload();
  await expect(page.getByText("Nightly report", { exact: true })).toBeVisible();
  expect(await page.content()).not.toContain(key);

  await page.getByRole("button", { name: "Revoke the key Nightly report" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByText("No keys yet.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect.poll(() => listTasks(key)).toBe(401);
});
