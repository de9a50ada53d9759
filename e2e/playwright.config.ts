import { existsSync, globSync } from "node:fs";
import { dirname, join } from "node:path";

import { chromium, defineConfig, devices, firefox, webkit } from "@playwright/test";

import { findBrowser } from "../scripts/lib/browser.ts";
import { root } from "../scripts/lib/paths.ts";
import { LEFT_OUT, leftOut } from "./lib/left-out.ts";
import { site } from "./lib/site.ts";

const found = await findBrowser();

const ENGINES = {
  chromium: {
    ...devices["Desktop Chrome"],
    launchOptions: { executablePath: found.path, args: found.args },
  },
  firefox: devices["Desktop Firefox"],
  webkit: devices["Desktop Safari"],
};
type Engine = keyof typeof ENGINES;

const isEngine = (name: string): name is Engine => name in ENGINES;
const PATHS = { chromium: found.path, firefox: firefox.executablePath(), webkit: webkit.executablePath() };

/** BROWSERS="firefox webkit": who asks for one has it. */
const engines = (process.env["BROWSERS"] || "chromium").split(/[\s,]+/).map((name) => {
  if (!isEngine(name)) throw new Error(`BROWSERS names ${name}: there are ${Object.keys(ENGINES).join(", ")}.`);
  if (!existsSync(PATHS[name])) throw new Error(`BROWSERS names ${name}, which isn't installed: playwright install.`);
  return name;
});

/** Playwright's own ffmpeg makes the videos, and comes with `playwright install ffmpeg`; the trace has pictures anyway. */
const hasVideo = globSync("ffmpeg*", { cwd: dirname(dirname(dirname(chromium.executablePath()))) }).length > 0;

const nameOf = (engine: Engine) => (engine === "chromium" ? "journeys" : `journeys-${engine}`);

export default defineConfig({
  outputDir: join(root, ".data", "reports", "e2e"),
  // A test that needs a second try has found something.
  retries: 0,
  forbidOnly: Boolean(process.env["CI"]),
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: site.url,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    video: hasVideo ? "retain-on-failure" : "off",
  },
  projects: [
    ...engines.map((engine, index) => ({
      name: nameOf(engine),
      testDir: "journeys",
      fullyParallel: true,
      use: ENGINES[engine],
      grepInvert: leftOut(engine),
      // One engine after the other: there is one identity provider for all.
      dependencies: engines.slice(index - 1, index).map(nameOf),
    })),
    // These kill what the others need, so they come after them and one at a time.
    ...(site.isOurs && engines.includes("chromium")
      ? [
          {
            name: "bad-days",
            testDir: "bad-days",
            fullyParallel: false,
            workers: 1,
            use: ENGINES.chromium,
            dependencies: engines.map(nameOf),
            timeout: 120_000,
          },
        ]
      : []),
  ],
});

// The processes of the tests read this file, too.
if (process.env["TEST_WORKER_INDEX"] === undefined) for (const line of LEFT_OUT) console.log(line);
