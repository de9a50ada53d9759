/** A task's page as its reader meets it: by roles and names. */
import { readFile } from "node:fs/promises";

import { expect, type Locator, type Page } from "@playwright/test";

import type { Member, Task } from "./member.ts";

export class TaskPage {
  readonly plan: Locator;
  readonly state: Locator;
  readonly cancel: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.plan = page.getByRole("article", { name: "Plan" });
    this.state = page.getByRole("status");
    this.cancel = page.getByRole("button", { name: "Cancel", exact: false });
  }

  get id(): string {
    return new URL(this.#page.url()).pathname.split("/").at(-1)!;
  }

  async open(task: Task): Promise<void> {
    await this.#page.goto(`/tasks/${task.id}`);
  }

  /** How much of the text is on the page, in UTF-16 code units. */
  async length(): Promise<number> {
    return Number(await this.plan.getAttribute("data-length"));
  }

  /** Passes when more than `length` is there and still more is to come. Gives what is there. */
  async isWritingBeyond(length: number): Promise<number> {
    await expect.poll(() => this.length(), { message: "the text grows" }).toBeGreaterThan(length);
    await expect(this.plan).toHaveAttribute("aria-busy", "true");
    return this.length();
  }

  async isDone(within = 60_000): Promise<void> {
    await expect(this.state).toHaveText(/^Done/, { timeout: within });
    await expect(this.plan).toHaveAttribute("aria-busy", "false");
  }

  /** The text as the page has it, by its own button. */
  async download(): Promise<Buffer> {
    const [download] = await Promise.all([
      this.#page.waitForEvent("download"),
      this.#page.getByRole("button", { name: "Download" }).click(),
    ]);
    return readFile(await download.path());
  }

  /** Passes when page and API have the same text, byte for byte, and it is a whole plan. */
  async hasTheTextOf(member: Member, id = this.id): Promise<Task> {
    const task = await member.task(id);
    expect(task.finished_at).not.toBeNull();
    expect(await this.length()).toBe(task.text.length);
    expect((await this.download()).equals(Buffer.from(task.text))).toBe(true);
    return task;
  }
}
