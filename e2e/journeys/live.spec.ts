/** What reaches a page by itself: the list, the notices, and streams where many tabs share one browser. */
import type { Page } from "@playwright/test";

import { fits, isAccessible } from "../lib/looks.ts";
import type { Member, Task } from "../lib/member.ts";
import { said } from "../lib/sockets.ts";
import { TaskPage } from "../lib/task-page.ts";
import { expect, signedIn as test } from "../lib/test.ts";
import { look } from "../lib/visibility.ts";

const isList = (url: string) => new URL(url).pathname === "/api/v1/tasks";
const isStream = (url: string) => url.endsWith("/stream");

/** How often a page has asked for something so far. */
function counted(page: Page, which: (url: string) => boolean): () => number {
  let count = 0;
  page.on("request", (request) => {
    if (request.method() === "GET" && which(request.url())) count++;
  });
  return () => count;
}

/** Passes when a worker has written so much more of a task: time in which a page that asks would have asked. */
async function goesOn(member: Member, { id }: Task, characters = 1_500): Promise<void> {
  const { length } = (await member.task(id)).text;
  await expect
    .poll(async () => (await member.task(id)).text.length, { timeout: 30_000 })
    .toBeGreaterThan(length + characters);
}

test("the list follows without being asked for", { tag: "@slice" }, async ({ page, member }) => {
  const lists = counted(page, isList);
  const task = await member.create("A tide table, in 2000 tokens");
  const row = page.getByRole("main").getByRole("link", { name: /^A tide table/ });
  // What begins while a page reads its list is a reason to read it again.
  await goesOn(member, task, 0);
  await page.goto("/tasks");
  await expect(row).toContainText("Writing");
  // Once, since what happened between the page's making and the feed's beginning is in neither.
  await expect.poll(lists).toBe(1);

  await goesOn(member, task);
  await member.cancel(task.id);

  await expect(row).toContainText("Cancelled");
  expect(lists()).toBe(1);
  await member.create("A rain gauge");
  await expect(page.getByRole("main").getByRole("link", { name: /^A rain gauge/ })).toContainText("Done in");
  // Once for the new row, and once more where the task began while that was read.
  expect([2, 3]).toContain(lists());
});

test("an ending elsewhere is told, and leads there", { tag: "@slice" }, async ({ page, member }) => {
  await page.goto("/tasks");
  await expect(page.getByText("Nothing here yet.")).toBeVisible();
  const notices = page.getByRole("region", { name: "Notices" });
  const task = await member.create("A moon calendar");

  const link = notices.getByRole("link", { name: "A moon calendar" });
  await expect(link).toBeVisible({ timeout: 30_000 });
  await expect(notices).toContainText("Done in");
  await link.press("Enter");

  await expect(page).toHaveURL(`/tasks/${task.id}`);
  await expect(link).toBeHidden();
});

test(
  "what one looks at is not told, and what was told can be dismissed",
  { tag: "@long" },
  async ({ page, member, taskPage }) => {
    await taskPage.open(await member.create("A star map"));
    await taskPage.isDone();
    await member.create("A sundial");

    const notices = page.getByRole("region", { name: "Notices" });
    await expect(notices.getByRole("link", { name: "A sundial" })).toBeVisible({ timeout: 30_000 });
    await expect(notices.getByRole("link")).toHaveCount(1);
    await notices.getByRole("button", { name: "Dismiss the notice of A sundial" }).press("Enter");

    await expect(notices.getByRole("link")).toHaveCount(0);
  },
);

test("a notice can be read in either theme, and on a phone", { tag: "@long" }, async ({ page, member }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/tasks");
  await member.create("A_very_long_word_without_an_end".repeat(5));
  const link = page.getByRole("region", { name: "Notices" }).getByRole("link");
  await expect(link).toBeVisible({ timeout: 30_000 });
  // Else it goes by itself while it is looked at.
  await link.hover();

  await fits(page);
  await isAccessible(page);
});

test("six tabs stream at once, and a seventh still opens", { tag: "@long" }, async ({ page, context, member }) => {
  const prompts = ["north", "east", "south"].map((side) => `An observatory in the ${side}, in 6000 tokens`);
  const tasks = await Promise.all(prompts.map((prompt) => member.create(prompt)));
  const tabs = await Promise.all(
    [...tasks, ...tasks].map(async (task) => {
      const tab = await context.newPage();
      return { task, streams: counted(tab, isStream), said: said(tab), view: new TaskPage(tab) };
    }),
  );
  for (const { view, task } of tabs) await view.open(task);
  for (const { view } of tabs) await view.isWritingBeyond(100);

  await page.goto("/tasks");
  await expect(page.getByRole("main").getByRole("link", { name: /^An observatory/ })).toHaveCount(3);

  const bySocket = tabs.filter(({ task, said: messages }) => messages.some(({ topic }) => topic === `task:${task.id}`));
  expect(bySocket).toHaveLength(2);
  expect(bySocket.map(({ streams }) => streams())).toEqual([0, 0]);
  for (const { view } of tabs) await expect(view.state).toHaveText("Live");
  await Promise.all(tasks.map(({ id }) => member.cancel(id)));
  for (const { view, task } of tabs) {
    await expect(view.state).toHaveText("Cancelled");
    await view.hasTheTextOf(member, task.id);
  }
});

test(
  "a hidden tab gives its stream back, and goes on where it was",
  { tag: "@long" },
  async ({ page, member, taskPage }) => {
    const streams = counted(page, isStream);
    const task = await member.create("A lighthouse log, in 2000 tokens");
    await taskPage.open(task);
    await taskPage.isWritingBeyond(100);

    const given = page.waitForEvent("requestfailed", { predicate: (request) => isStream(request.url()) });
    await look(page, "hidden");
    await given;
    const kept = await taskPage.length();
    await goesOn(member, task, 300);
    expect(await taskPage.length()).toBe(kept);
    const again = page.waitForRequest((request) => isStream(request.url()));
    await look(page, "visible");

    expect((await again).headers()["last-event-id"]).toMatch(/^1-\d+$/);
    await expect(taskPage.state).toHaveText("Live");
    await taskPage.isWritingBeyond(kept);
    expect(streams()).toBe(2);
  },
);

/** What a proxy does that lets neither streams nor sockets through, until it is mended. */
async function blocked(page: Page): Promise<() => Promise<void>> {
  let isBlocked = true;
  await page.routeWebSocket(/\/ws\/events$/, (socket) => {
    if (isBlocked) void socket.close({ code: 1011 });
    else socket.connectToServer();
  });
  await page.route("**/stream", (route) => route.abort());
  return async () => {
    isBlocked = false;
    await page.unroute("**/stream");
  };
}

test(
  "where no stream gets through the page asks, and has the whole text in the end",
  { tag: "@long" },
  async ({ page, member, taskPage }) => {
    await blocked(page);
    await taskPage.open(await member.create("A bird count, in 900 tokens"));

    await expect(taskPage.state).toHaveText("Polling: the stream doesn't get through");
    await taskPage.isWritingBeyond(await taskPage.length());
    await taskPage.isDone();
    await taskPage.hasTheTextOf(member);
    // The list beside it, which can't hear of the ending either.
    await expect(page.getByRole("navigation", { name: "Your tasks" })).toContainText("Done in");
  },
);

test("when streams get through again, polling ends", { tag: "@long" }, async ({ page, member, taskPage }) => {
  const unblock = await blocked(page);
  const task = await member.create("A cloud atlas, in 2000 tokens");
  await taskPage.open(task);
  await expect(taskPage.state).toHaveText(/^Polling/);

  await unblock();

  await expect(taskPage.state).toHaveText("Live");
  const asked = counted(page, (url) => url.endsWith(task.id));
  await taskPage.isWritingBeyond(await taskPage.length());
  await goesOn(member, task);
  expect(asked()).toBe(0);
});

test("a socket alone is enough", { tag: "@slice" }, async ({ page, member, taskPage }) => {
  await page.route("**/stream", (route) => route.abort());
  await taskPage.open(await member.create("A weather vane, in 900 tokens"));

  await expect(taskPage.state).toHaveText("Live");
  await taskPage.isDone();
  await taskPage.hasTheTextOf(member);
});

test("signed out elsewhere, the page's socket goes and doesn't come back", async ({ page, context, member }) => {
  const other = await context.newPage();
  await other.goto("/tasks");
  const socket = page.waitForEvent("websocket");
  await page.goto("/tasks");
  const gone = (await socket).waitForEvent("close");
  let opened = 0;
  page.on("websocket", () => opened++);

  await other.getByRole("button", { name: member.credentials.name }).click();
  await other.getByRole("menuitem", { name: "Sign out" }).click();

  await gone;
  await expect(other).not.toHaveURL("/tasks");
  await other.goto("/sign-in");
  await expect(other.getByLabel("Email")).toBeVisible();
  expect(opened).toBe(0);
});
