import { said } from "../lib/sockets.ts";
import { kill } from "../lib/stack.ts";
import { expect, test } from "../lib/test.ts";

// Long enough that every fault comes, and is over, in the middle of the text.
const PROMPT = "A marketplace for 🔭 telescopes, with 𝔘nicode names, in 2000 tokens";

test("the API is killed in mid-stream", async ({ member, taskPage }) => {
  await taskPage.open(await member.create(PROMPT));
  const before = await taskPage.isWritingBeyond(300);

  const killed = await kill("api");

  await expect(taskPage.state).toHaveText(/^Reconnecting/);
  expect(await taskPage.length()).toBeGreaterThanOrEqual(before);
  await killed.isBack();
  await expect(taskPage.state).toHaveText("Live");
  await taskPage.isWritingBeyond(await taskPage.length());
  await taskPage.isDone();
  const task = await taskPage.hasTheTextOf(member);
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
});

test("the worker is killed in mid-stream", async ({ member, taskPage }) => {
  await taskPage.open(await member.create(PROMPT));
  await taskPage.isWritingBeyond(300);

  const killed = await kill("worker");

  await killed.isBack();
  await expect.poll(async () => (await member.task(taskPage.id)).attempt, { timeout: 12_000 }).toBe(2);
  await taskPage.isWritingBeyond(0);
  await taskPage.isDone();
  const task = await taskPage.hasTheTextOf(member);
  expect(task).toMatchObject({ status: "completed", attempt: 2 });
});

test("Valkey is killed in mid-stream", async ({ member, taskPage }) => {
  await taskPage.open(await member.create(PROMPT));
  await taskPage.isWritingBeyond(300);

  const killed = await kill("valkey");

  await killed.isBack();
  await taskPage.isWritingBeyond(await taskPage.length());
  await taskPage.isDone();
  const task = await taskPage.hasTheTextOf(member);
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
});

test("the browser goes offline and comes back", async ({ context, member, taskPage }) => {
  await taskPage.open(await member.create(PROMPT));
  await taskPage.isWritingBeyond(300);

  await context.setOffline(true);

  await expect(taskPage.state).toHaveText(/^Reconnecting/);
  const kept = await taskPage.length();
  // The worker goes on, and nothing of it gets through: the connection is really cut.
  await expect.poll(async () => (await member.task(taskPage.id)).text.length).toBeGreaterThan(kept + 400);
  expect(await taskPage.length()).toBe(kept);
  await context.setOffline(false);
  await expect(taskPage.state).toHaveText("Live");
  await taskPage.isWritingBeyond(kept + 400);
  await taskPage.isDone();
  const task = await taskPage.hasTheTextOf(member);
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
});

test("the API is killed under a list, whose feed goes on where it was", async ({ page, member }) => {
  const messages = said(page);
  const feeds = () => messages.map((message) => message.type === "subscribe" && message.cursor);
  const task = await member.create(PROMPT);
  await page.goto("/tasks");
  const row = page.getByRole("main").getByRole("link", { name: /^A marketplace/ });
  await expect(row).toContainText("Writing");
  await expect.poll(feeds).toEqual([null]);

  const killed = await kill("api");

  await killed.isBack();
  await expect.poll(() => feeds().length, { timeout: 20_000 }).toBe(2);
  expect(feeds()[1]).toMatch(/^\d+$/);
  await member.cancel(task.id);
  await expect(row).toContainText("Cancelled");
});
