/** The design page, from its reader's side: what is written is theirs alone, and stops with them. */
import type { Locator, Page } from "@playwright/test";

import { fits, isAccessible } from "../lib/looks.ts";
import { expect, signedIn as test } from "../lib/test.ts";

const STREAM = "**/api/design/stream";

class DesignPage {
  readonly text: Locator;
  readonly state: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.text = page.getByRole("article", { name: "Design" });
    this.state = page.getByRole("region", { name: "The design" }).getByRole("status");
  }

  async ask(prompt: string): Promise<void> {
    await this.#page.getByLabel("What do you want to design?").fill(prompt);
    await this.#page
      .getByRole("button", { name: /^Write/ })
      .first()
      .click();
  }

  async stop(): Promise<void> {
    await this.#page.getByRole("button", { name: "Stop" }).click();
    await expect(this.state).toHaveText("Stopped");
  }

  length = async (): Promise<number> => Number(await this.text.getAttribute("data-length"));

  async isWriting(): Promise<void> {
    await expect(this.state).toHaveText("Writing");
    await expect.poll(this.length, { message: "the text grows" }).toBeGreaterThan(40);
  }
}

const LONG = "A greenhouse with sensors, in 3000 tokens";

test.beforeEach(({ page }) => page.goto("/tasks"));

test(
  "it is found in the navigation, streams, and is copied whole",
  { tag: ["@slice", "@chromium"] },
  async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Design" }).click();
    const design = new DesignPage(page);
    await design.ask("A seed library, in 300 tokens");

    await design.isWriting();
    const early = await design.length();
    await expect(design.state).toHaveText("Done", { timeout: 45_000 });

    expect(await design.length()).toBeGreaterThan(early);
    await expect(design.text.getByRole("heading").first()).toBeVisible();
    await page.getByRole("button", { name: "Copy" }).click();
    await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toHaveLength(await design.length());
  },
);

test("Stop stops the generator too: places for others are free at once", async ({ page }) => {
  await page.goto("/design");
  const design = new DesignPage(page);

  // More often than one person may have designs written at a time.
  for (let round = 0; round < 5; round += 1) {
    await design.ask(LONG);
    await design.isWriting();
    await design.stop();
  }

  const kept = await design.length();
  expect(kept).toBeGreaterThan(0);
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toHaveCount(0);
});

test("leaving the page stops it", async ({ page }) => {
  for (let round = 0; round < 5; round += 1) {
    await page.goto("/design");
    const design = new DesignPage(page);
    await design.ask(LONG);
    await design.isWriting();
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Tasks" }).click();
    await expect(page.getByRole("heading", { name: "What do you want to build?" })).toBeVisible();
  }
});

test("where streams don't get through, the text comes whole", async ({ page }) => {
  await page.route(STREAM, (route) => route.abort());
  await page.goto("/design");
  const design = new DesignPage(page);

  await design.ask("A seed library, in 300 tokens");

  await expect(design.state).toHaveText("Done", { timeout: 45_000 });
  expect(await design.length()).toBeGreaterThan(500);
  await expect(page.getByText(/The stream didn't get through/)).toBeVisible();
});

test("switched off in the address it never asks for a stream, and a reload keeps that", async ({ page }) => {
  const streams: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/stream")) streams.push(request.url());
  });
  await page.goto("/design");
  await page.getByRole("switch", { name: "Stream the text" }).uncheck();
  await page.reload();
  await expect(page.getByRole("switch", { name: "Stream the text" })).not.toBeChecked();
  const design = new DesignPage(page);

  await design.ask("A seed library, in 300 tokens");

  await expect(design.state).toHaveText("Done", { timeout: 45_000 });
  expect(streams.filter((url) => url.includes("/design/"))).toEqual([]);
  await expect(page.getByText(/didn't get through/)).toHaveCount(0);
});

test("axe finds nothing, and nothing is wider than a narrow phone", { tag: "@long" }, async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto("/design");
  const design = new DesignPage(page);
  await isAccessible(page);
  await design.ask("A greenhouse for a_very_long_word_that_nobody_breaks".repeat(3));
  await design.isWriting();
  await isAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await fits(page);
  await design.stop();
  await isAccessible(page);
  await fits(page);
});
