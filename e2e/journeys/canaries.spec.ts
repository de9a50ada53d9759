/** Where secrets must not be: in an address, a page, a script, anything a script can read, or a log. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { BrowserContext, Page } from "@playwright/test";

import type { components } from "../../web/lib/api/schema.d.ts";
import { fromSite, newcomer } from "../lib/member.ts";
import { site } from "../lib/site.ts";
import { expect, test } from "../lib/test.ts";

/** What a page's scripts can get at, as one text: each kind of storage, the cookies, the DOM and its state. */
async function readable(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found: unknown[] = [
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      location.href,
      document.title,
    ];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((done, fail) => {
        const open = indexedDB.open(name!);
        open.addEventListener("success", () => done(open.result));
        open.addEventListener("error", () => fail(open.error ?? new Error("IndexedDB")));
      });
      for (const store of db.objectStoreNames)
        found.push(
          await new Promise((done, fail) => {
            const all = db.transaction(store).objectStore(store).getAll();
            all.addEventListener("success", () => done(all.result));
            all.addEventListener("error", () => fail(all.error ?? new Error("IndexedDB")));
          }),
        );
      db.close();
    }
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys())
        found.push(request.url, await (await caches.match(request))?.text());
    found.push(history.state, document.documentElement.outerHTML);
    for (const field of document.querySelectorAll("input")) if (field.type !== "password") found.push(field.value);
    return JSON.stringify(found);
  });
}

/** Notes every address that the browser asks for and every body that it gets from the site. */
function overhear(context: BrowserContext): () => Promise<{ addresses: string[]; bodies: Map<string, string> }> {
  const addresses: string[] = [];
  const bodies = new Map<string, string>();
  const pending: Promise<void>[] = [];
  context.on("request", (request) => addresses.push(request.url(), request.headers()["referer"] ?? ""));
  context.on("response", (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (type.startsWith("text/event-stream") || response.status() >= 300) return;
    const read = async () => {
      bodies.set(`${response.request().method()} ${new URL(response.url()).pathname}`, await response.text());
    };
    pending.push(read().catch(() => {})); // the page went on before it was there
  });
  return async () => {
    await Promise.all(pending);
    return { addresses, bodies };
  };
}

function logs(): string {
  const folder = process.env["STACK_LOGS"];
  if (!folder) throw new Error("STACK_LOGS is not set");
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
}

/** The values of the session's cookies, and the parts that would be as good as the whole. */
async function tokens(context: BrowserContext): Promise<string[]> {
  const held = (await context.cookies(site.url)).map(({ value }) => value);
  return [...held, ...held.map((value) => value.split(".").at(-1)!)];
}

test(
  "no secret is where a script, an address or a log would have it",
  { tag: ["@long", "@inside"] },
  async ({ page, context }) => {
    const heard = overhear(context);
    const { name, email } = newcomer();
    const password = `a canary that sings ${crypto.randomUUID()}`;
    const secrets = new Set([password]);
    const seen: string[] = [];
    const look = async () => {
      for (const token of await tokens(context)) secrets.add(token);
      seen.push(await readable(page));
    };

    await page.goto("/register");
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page).toHaveURL("/tasks");
    await look();

    const made = await context.request.post("/api/v1/api-keys", {
      data: { name: "A canary", scopes: ["tasks:read"], expires_at: null },
      headers: fromSite,
    });
    const { key }: components["schemas"]["NewApiKey"] = await made.json();
    secrets.add(key);
    for (const path of ["/", "/tasks", "/settings/api-keys", "/settings", "/tasks?status=running"]) {
      await page.goto(path);
      await look();
    }
    await context.request.post("/api/v1/auth/refresh", { headers: fromSite });
    await page.reload();
    await look();
    await page.goto("/tasks");
    await page.getByRole("button", { name }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page).toHaveURL("/");
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(`${password}, wrong`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
    await look();

    const { addresses, bodies } = await heard();
    expect(bodies.size).toBeGreaterThan(5);
    expect(secrets.size).toBeGreaterThan(6);
    const places = { addresses: addresses.join("\n"), pages: seen.join("\n"), logs: logs() };
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20);
      for (const [place, text] of Object.entries(places)) {
        const found = [secret, encodeURIComponent(secret), secret.replaceAll(" ", "+")].some((form) =>
          text.includes(form),
        );
        expect(found, `${secret.slice(0, 8)}… in ${place}`).toBe(false);
      }
      for (const [answer, body] of bodies)
        expect(body.includes(secret), `${secret.slice(0, 8)}… in ${answer}`).toBe(false);
    }
  },
);
