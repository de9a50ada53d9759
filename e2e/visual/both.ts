// Beside one stack: pictures of the base's pages, then this folder's held against them.
import { join } from "node:path";

import { main } from "../../scripts/lib/errors.ts";
import { node, root } from "../../scripts/lib/paths.ts";
import { runToEnd } from "../../scripts/lib/run.ts";

const playwright = join(root, "e2e", "node_modules", "@playwright", "test", "cli.js");

const look = (page: Record<string, string>, ...args: string[]): Promise<number> =>
  runToEnd([node, playwright, "test", "--config=visual/playwright.config.ts", ...args], {
    cwd: join(root, "e2e"),
    env: {
      ...process.env,
      ...page,
      PLAYWRIGHT_HTML_OUTPUT_DIR: process.env["VISUAL_REPORT"]!,
      PLAYWRIGHT_HTML_OPEN: "never",
    },
  });

await main(async () => {
  const begun = await look({ PAGE: process.env["BASE_PAGE"]! }, "--update-snapshots=all", "--reporter=line");
  return begun || look({}, "--update-snapshots=none", "--reporter=list,html");
});
