import { chromium } from "@playwright/test";
const base = process.env.BASE ?? "http://localhost:46300";
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const [theme, w] of [["light", 1280], ["dark", 1280], ["dark", 320]]) {
  const c = await b.newContext({ viewport: { width: w, height: w === 320 ? 640 : 800 }, colorScheme: theme });
  const p = await c.newPage();
  const shot = (n) => p.screenshot({ path: `/tmp/shots/${n}-${theme}-${w}.png` });
  await p.goto(base + "/"); await p.waitForTimeout(800); await shot("landing");
  await p.goto(base + "/sign-in"); await p.waitForTimeout(500); await shot("signin");
  await p.goto(base + "/register"); await p.waitForTimeout(300); await shot("register");
  await p.goto(base + "/nope"); await p.waitForTimeout(300); await shot("nope");
  await p.goto(base + "/sign-in");
  await p.getByRole("button", { name: /demo/i }).click(); await p.waitForURL("**/tasks", { timeout: 20000 });
  await p.waitForTimeout(500); await shot("tasks");
  await p.getByRole("textbox").first().fill("A marketplace where labs sell used microscopes to schools, with inspection reports and shipping insurance.");
  await p.keyboard.press("Control+Enter");
  await p.waitForURL("**/tasks/*", { timeout: 30000 }); await p.waitForTimeout(4500); await shot("task");
  await p.waitForTimeout(12000); await shot("done"); await p.evaluate(() => scrollTo(0, 0)); await p.waitForTimeout(300); await shot("done-top");
  await p.goto(base + "/tasks"); await p.waitForTimeout(1000); await shot("tasks2");
  await c.close();
}
await b.close();
