import { Member } from "../lib/member.ts";
import { site } from "../lib/site.ts";
import { TaskPage } from "../lib/task-page.ts";
import { expect, signedIn as test } from "../lib/test.ts";

test("a task is created and watched to the end", { tag: "@slice" }, async ({ page, member, taskPage }) => {
  await page.goto("/tasks");
  await page.getByLabel("What do you want to build?").fill("A lending library for 🔭 telescopes, with reminders");
  await page.getByRole("button", { name: "Start" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "A lending library for 🔭 telescopes" })).toBeVisible();
  await taskPage.isWritingBeyond(0);
  await expect(taskPage.state).toHaveText("Live");
  await taskPage.isDone();
  const task = await taskPage.hasTheTextOf(member);
  expect(task.status).toBe("completed");
  expect(task.text).toContain("🔭");
  await expect(taskPage.plan.getByRole("heading", { name: "Milestones" })).toBeVisible();
  await expect(page.getByText("The plan as data")).toBeVisible();
});

test("the text can be copied", { tag: "@chromium" }, async ({ page, context, member, taskPage }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const task = await member.finished((await member.create("A recipe archive")).id);

  await taskPage.open(task);
  await page.getByRole("button", { name: "Copy" }).click();

  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(task.text);
});

test("a reload in the middle goes on where it was", { tag: "@slice" }, async ({ page, member, taskPage }) => {
  await taskPage.open(await member.create("A rota for a bakery, in 900 tokens"));
  const before = await taskPage.isWritingBeyond(200);

  await page.reload();

  await taskPage.isWritingBeyond(before);
  await taskPage.isDone();
  const task = await taskPage.hasTheTextOf(member);
  expect(task.attempt).toBe(1);
});

test("two tabs show the same text", { tag: "@slice" }, async ({ page, context, member, taskPage }) => {
  const task = await member.create("A chat for neighbours, in 900 tokens");
  await taskPage.open(task);
  await taskPage.isWritingBeyond(100);

  const other = new TaskPage(await context.newPage());
  await other.open(task);

  await other.isWritingBeyond(100);
  await page.bringToFront();
  await Promise.all([taskPage.isDone(), other.isDone()]);
  await taskPage.hasTheTextOf(member);
  await other.hasTheTextOf(member);
});

test(
  "a page that is left and opened again has the whole text",
  { tag: "@long" },
  async ({ page, member, taskPage }) => {
    const task = await member.create("Tide alerts, in 900 tokens");
    await taskPage.open(task);
    const before = await taskPage.isWritingBeyond(100);

    await page.getByRole("link", { name: "Tasks", exact: true }).click();
    await expect(page).toHaveURL("/tasks");
    await page
      .getByRole("main")
      .getByRole("link", { name: /Tide alerts/ })
      .click();

    await taskPage.isWritingBeyond(before);
    await taskPage.isDone();
    await taskPage.hasTheTextOf(member);
  },
);

test(
  "a cancelled task keeps what was written and writes no more",
  { tag: "@slice" },
  async ({ page, member, taskPage }) => {
    await taskPage.open(await member.create("A museum guide, in 2000 tokens"));
    await taskPage.isWritingBeyond(100);

    await taskPage.cancel.click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel task" }).click();

    await expect(taskPage.state).toHaveText("Cancelled");
    const task = await taskPage.hasTheTextOf(member);
    expect(task.status).toBe("cancelled");
    expect(task.text.length).toBeGreaterThan(100);
  },
);

test("a task that was cancelled elsewhere ends here too", async ({ member, taskPage }) => {
  const task = await member.create("A parking map, in 2000 tokens");
  await taskPage.open(task);
  await taskPage.isWritingBeyond(0);

  await member.cancel(task.id);

  await expect(taskPage.state).toHaveText("Cancelled", { timeout: 3_000 });
  await taskPage.hasTheTextOf(member);
});

test("a finished task can be asked again", { tag: "@long" }, async ({ page, member, taskPage }) => {
  const task = await member.finished((await member.create("A seed library")).id);
  await taskPage.open(task);

  await page.getByRole("button", { name: "Ask again" }).click();

  await expect(page).not.toHaveURL(`/tasks/${task.id}`);
  await taskPage.isDone();
  expect((await taskPage.hasTheTextOf(member)).text).toBe(task.text);
});

test("a deleted task is gone from the list", async ({ page, member, taskPage }) => {
  const task = await member.finished((await member.create("A wallet for one coin")).id);
  await taskPage.open(task);

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete task" }).click();

  await expect(page).toHaveURL("/tasks");
  await expect(page.getByText("Nothing here yet.")).toBeVisible();
  await taskPage.open(task);
  await expect(page.getByRole("heading", { name: "There is no such task." })).toBeVisible();
});

test("the list turns its pages", async ({ page, member }) => {
  for (let number = 1; number <= 23; number++) await member.cancel((await member.create(`Plan number ${number}`)).id);

  await page.goto("/tasks");
  const rows = page.getByRole("main").getByRole("link", { name: /^Plan number/ });
  await expect(rows).toHaveCount(20);
  await expect(rows.first()).toContainText("Plan number 23");
  await page.getByRole("link", { name: "Older" }).click();
  await expect(rows).toHaveCount(3);
  await expect(rows.last()).toContainText("Plan number 1");
  await page.getByRole("link", { name: "Newest" }).click();

  await expect(rows).toHaveCount(20);
});

test("a prompt that is too long is not sent", async ({ page }) => {
  await page.goto("/tasks");
  await page.getByLabel("What do you want to build?").fill("🔭".repeat(8_001));

  await expect(page.getByText("1 character too long")).toBeVisible();
  await page.getByLabel("What do you want to build?").press("Control+Enter");

  await expect(page).toHaveURL("/tasks");
});

test("what isn't there is told", async ({ page }) => {
  const response = await page.goto("/no/such/page");

  expect(response?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is no such page." })).toBeVisible();
  await page.goto("/tasks/0190a0a0-0000-7000-8000-000000000000");
  await expect(page.getByRole("heading", { name: "There is no such task." })).toBeVisible();
});

test("somebody else's task is not there", async ({ page, playwright }) => {
  const request = await playwright.request.newContext({ baseURL: site.url });
  const theirs = await (await Member.register(request)).create("Their secret");

  await page.goto(`/tasks/${theirs.id}`);

  await expect(page.getByRole("heading", { name: "There is no such task." })).toBeVisible();
  await expect(page.getByText("Their secret")).toBeHidden();
  await request.dispose();
});
