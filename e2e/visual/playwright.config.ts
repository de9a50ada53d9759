import { join } from "node:path";

import { defineConfig, devices } from "@playwright/test";

import { findBrowser } from "../../scripts/lib/browser.ts";
import { root } from "../../scripts/lib/paths.ts";

const found = await findBrowser();
const kept = join(root, ".data", "visual");

export default defineConfig({
  testDir: ".",
  outputDir: join(kept, "results"),
  snapshotPathTemplate: join(kept, "pictures", "{arg}{ext}"),
  // One page's server for all, and nothing that would be drawn differently for being in a hurry.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  use: { ...devices["Desktop Chrome"], launchOptions: { executablePath: found.path, args: found.args } },
  expect: { toHaveScreenshot: { animations: "disabled", caret: "hide", maxDiffPixels: 0 } },
});
