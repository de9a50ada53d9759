// Somebody with a browser: an account, a window, and what they do in it.
import { randomUUID } from "node:crypto";

import type { Browser, BrowserContext, BrowserContextOptions, CDPSession, Page } from "playwright-core";

import { Sentence } from "../../scripts/lib/errors.ts";
import type { components } from "../../web/lib/api/schema.d.ts";
import { eventually } from "../lib/wait.ts";
import { record, type Seen } from "./recorder.ts";

export type Task = components["schemas"]["Task"];

/** How long anything may take before it counts as never. */
const PATIENCE_MS = 30_000;

export interface Address {
  url: string;
  api: string;
}

export interface Conditions {
  /** How many times slower than it is the processor may be for the page; 1: as it is. */
  throttle: number;
  /** How late every answer comes, in milliseconds. */
  delay?: number;
}

export class Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly cdp: CDPSession;
  readonly address: Address;
  readonly #credentials = {
    name: "Ada Lovelace",
    email: `ada-${randomUUID()}@example.com`,
    password: "a quiet engine of brass and thought",
  };

  private constructor(address: Address, context: BrowserContext, page: Page, cdp: CDPSession) {
    this.address = address;
    this.context = context;
    this.page = page;
    this.cdp = cdp;
  }

  static async register(
    browser: Browser,
    address: Address,
    conditions: Conditions,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({ baseURL: address.url, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(record);
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const visitor = new Visitor(address, context, page, cdp);
    await visitor.#post("/api/v1/auth/register", visitor.#credentials);
    await visitor.under(conditions);
    return visitor;
  }

  async under({ throttle, delay = 0 }: Conditions): Promise<void> {
    await this.cdp.send("Emulation.setCPUThrottlingRate", { rate: throttle });
    if (delay > 0) {
      const open = { offline: false, downloadThroughput: -1, uploadThroughput: -1 };
      await this.cdp.send("Network.emulateNetworkConditions", { ...open, latency: delay });
    }
  }

  get email(): string {
    return this.#credentials.email;
  }

  /** A session anew: after a change of role. */
  async signIn(): Promise<void> {
    const { email, password } = this.#credentials;
    await this.#post("/api/v1/auth/login", { email, password });
  }

  async #post(path: string, data: unknown): Promise<unknown> {
    const response = await this.context.request.post(path, { data, headers: { origin: this.address.url } });
    if (!response.ok()) throw new Sentence(`${path}: ${response.status()} ${await response.text()}`);
    return response.json();
  }

  /** A task that is asked for beside the page. */
  async create(prompt: string): Promise<Task> {
    return (await this.#post("/api/v1/tasks", { kind: "project_plan", prompt })) as Task;
  }

  async task(id: string): Promise<Task> {
    return (await (await this.context.request.get(`/api/v1/tasks/${id}`)).json()) as Task;
  }

  /** What the browser says of itself to the API, for a client beside it. */
  async headers(): Promise<Record<string, string>> {
    const cookies = await this.context.cookies();
    return { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
  }

  /** The page for a prompt, ready to take one. */
  async compose(): Promise<void> {
    const field = this.page.getByRole("textbox", { name: "What do you want to build?" });
    await field.waitFor();
    await isAwake(this.page, "textarea");
  }

  /** Sends a prompt as a visitor does. Gives the task as the API answers it. */
  async send(prompt: string): Promise<Task> {
    await this.page.getByRole("textbox").fill(prompt);
    await this.page.evaluate(() => window.recorder.again());
    const answer = this.page.waitForResponse(
      (response) => response.request().method() === "POST" && response.url().endsWith("/api/v1/tasks"),
    );
    const [response] = await Promise.all([answer, this.page.getByRole("button", { name: /^Start/ }).click()]);
    return (await response.json()) as Task;
  }

  /** Passes when a task has ended, whoever watches. */
  async finished(id: string): Promise<void> {
    await eventually("the task is done", async () => (await this.task(id)).finished_at !== null, 100);
  }

  /** Passes when there is text on the page, and more to come. */
  async writes(): Promise<void> {
    await this.page.locator("article[data-writing]").waitFor();
  }

  async isDone(): Promise<boolean> {
    return (await this.page.evaluate(() => window.recorder.seen.done)) > 0;
  }

  /** How long the page took to answer what has just been pressed, in milliseconds; 0: less than 16. */
  async answered(): Promise<number> {
    return within(
      this.page.evaluate(() => window.recorder.whenAnswered()),
      "the page answers",
    );
  }

  /** What was seen, once the text is complete. */
  async done(): Promise<Seen> {
    return within(
      this.page.evaluate(() => window.recorder.whenDone()),
      "the page says that the text is done",
    );
  }

  /** What was seen, once the page has come to rest. */
  async quiet(ms: number): Promise<Seen> {
    return within(
      this.page.evaluate((rest) => window.recorder.whenQuiet(rest), ms),
      "the page comes to rest",
    );
  }

  end(): Promise<void> {
    return this.context.close();
  }
}

/** Passes when React has taken the element over: what is typed before that may be lost. */
async function isAwake(page: Page, selector: string): Promise<void> {
  await page.waitForFunction(
    (css) => Object.keys(document.querySelector(css) ?? {}).some((key) => key.startsWith("__reactProps")),
    selector,
  );
}

/** Throws a sentence when it doesn't come: a page whose server is gone waits for ever. */
async function within<T>(what: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Sentence(`In vain waited for: ${name}.`)), PATIENCE_MS);
  });
  what.catch(() => undefined); // of the page that is closed meanwhile
  return Promise.race([what, late]).finally(() => clearTimeout(timer));
}
