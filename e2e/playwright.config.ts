import { join } from "node:path";

import { defineConfig, devices } from "@playwright/test";

import { findBrowser } from "../scripts/lib/browser.ts";
import { root } from "../scripts/lib/paths.ts";
import { site } from "./lib/site.ts";

const browser = await findBrowser();

export default defineConfig({
  outputDir: join(root, ".data", "reports", "e2e"),
  // A test that needs a second try has found something.
  retries: 0,
  forbidOnly: Boolean(process.env["CI"]),
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    ...devices["Desktop Chrome"],
    baseURL: site.url,
    launchOptions: { executablePath: browser.path, args: browser.args },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
  projects: [
    {
      name: "journeys",
      testDir: "journeys",
      fullyParallel: true,
      ...(process.env["WITHOUT_LONG"] ? { grepInvert: /@long/ } : {}),
    },
    // These kill what the others need, so they come after them and one at a time.
    {
      name: "bad-days",
      testDir: "bad-days",
      fullyParallel: false,
      workers: 1,
      dependencies: ["journeys"],
      timeout: 120_000,
    },
  ],
});
