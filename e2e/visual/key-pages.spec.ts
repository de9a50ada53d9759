/** The key pages, in both themes, on a desk and on a phone. The same data for both builds. */
import { type BrowserContext, expect, type Page, test } from "@playwright/test";

import { isAlive } from "../lib/alive.ts";
import { Member } from "../lib/member.ts";
import { PageServer } from "../lib/page-server.ts";
import { site } from "../lib/site.ts";

const ADA = { name: "Ada Lovelace", email: "ada-looks@example.com", password: "a quiet engine of brass and thought" };
const PROMPT = "A lending library for telescopes, in 200 tokens";

const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 320, height: 640 } };
const THEMES = ["light", "dark"] as const;

let server: PageServer;
test.beforeAll(async () => {
  server = await PageServer.start({ API_URL: site.api, SITE_URL: site.url }, process.env["PAGE"]);
});
test.afterAll(() => server.stop());

/** Her session, and her one finished task. */
async function ada(context: BrowserContext): Promise<string> {
  const data = { email: ADA.email, password: ADA.password };
  const known = await context.request.post("/api/v1/auth/login", { data, headers: { origin: site.url } });
  const member = known.ok() ? Member.known(context.request, ADA) : await Member.register(context.request, ADA);
  const list = await (await context.request.get("/api/v1/tasks")).json();
  const id: string = list.items[0]?.id ?? (await member.create(PROMPT)).id;
  await member.finished(id);
  return id;
}

async function isAsBefore(page: Page, name: string, path: string): Promise<void> {
  // What would come by itself comes at different moments: the page is looked at as the server made it.
  await page.routeWebSocket(/\/ws\/events$/, () => {});
  for (const [size, viewport] of Object.entries(SIZES))
    for (const colorScheme of THEMES) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // By the name that the cookies are for: they don't tell ports apart.
      await page.goto(new URL(path, server.url.replace("127.0.0.1", new URL(site.url).hostname)).href);
      await isAlive(page);
      await page.evaluate(() => document.fonts.ready);
      await expect
        .soft(page)
        .toHaveScreenshot(`${name}-${size}-${colorScheme}.png`, { fullPage: true, mask: [page.locator("time")] });
    }
}

test.use({ baseURL: site.url });

for (const path of ["/", "/sign-in", "/register", "/forgot-password", "/nowhere"])
  test(`${path} looks as it did`, ({ page }) => isAsBefore(page, path === "/" ? "landing" : path.slice(1), path));

for (const path of ["/tasks", "/settings/profile", "/settings/api-keys"])
  test(`${path} looks as it did to a member`, async ({ page, context }) => {
    await ada(context);
    await isAsBefore(page, path.slice(1).replace("/", "-"), path);
  });

test("a finished task looks as it did", async ({ page, context }) => {
  const id = await ada(context);
  await isAsBefore(page, "task", `/tasks/${id}`);
});
