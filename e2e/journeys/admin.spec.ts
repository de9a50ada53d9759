/** What administrators do, and that nobody else finds their pages. */
import { makeAdmin } from "../lib/admin.ts";
import { fits, isAccessible } from "../lib/looks.ts";
import { Member, newcomer } from "../lib/member.ts";
import { expect, signedIn, test } from "../lib/test.ts";

test.describe.configure({ timeout: 180_000 });

signedIn("for everybody else there are no such pages", async ({ page }) => {
  for (const path of ["/admin", "/admin/users", "/admin/audit"]) {
    const answer = await page.goto(path);

    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "There is no such page." })).toBeVisible();
  }
});

test(
  "an admin finds somebody, disables them and reads what happened",
  { tag: ["@long", "@inside"] },
  async ({ page, member, browser }) => {
    await makeAdmin(member.credentials.email);
    await member.signIn();
    const elsewhere = await browser.newContext();
    const other = await Member.register(elsewhere.request, { ...newcomer(), name: "Charles Babbage" });
    const theirs = await elsewhere.newPage();
    await theirs.goto("/tasks");

    await page.goto("/tasks");
    await page.getByRole("button", { name: member.credentials.name }).click();
    await page.getByRole("menuitem", { name: "Admin" }).click();
    await expect(page).toHaveURL("/admin/users");
    await page.getByLabel("Search users").fill(other.credentials.email);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`/admin/users?query=${encodeURIComponent(other.credentials.email)}`);
    await isAccessible(page);
    const row = page.getByRole("listitem").filter({ hasText: other.credentials.email });
    await row.getByText("Charles Babbage").click();
    await isAccessible(page);
    await row.getByRole("button", { name: "Disable" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();

    await expect(row.getByRole("button", { name: "Enable" })).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "Charles Babbage is disabled." })).toBeAttached();
    await theirs.goto("/tasks");
    await expect(theirs).toHaveURL("/sign-in?next=%2Ftasks");
    await elsewhere.close();

    await row.getByRole("link", { name: "What happened" }).click();
    await expect(page.getByRole("heading", { name: "Audit log" })).toBeFocused();
    const log = page.getByRole("article");
    await expect(log.filter({ hasText: "Disabled" })).toContainText(`by ${member.credentials.name}`);
    await expect(log.filter({ hasText: "Registered" })).toHaveCount(1);
    await isAccessible(page);
    await page.getByLabel("What", { exact: true }).selectOption("Signed in");
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page).toHaveURL(/user=.+&action=signed_in/);
    await expect(log.filter({ hasText: "Registered" })).toHaveCount(0);
    await expect(log.first()).toContainText("Signed in");

    await page.setViewportSize({ width: 320, height: 640 });
    await fits(page);
    await page.goto("/admin/users");
    await fits(page);
  },
);
