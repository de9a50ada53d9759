/** The browser's journeys, on the composed stack instead of one from this folder. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { node, root } from "../../scripts/lib/paths.ts";
import { runToEnd } from "../../scripts/lib/run.ts";
import { addressOf, composed } from "./lib/stack.ts";

/** Not `plug` and `looks`: those are about what was built, and the same wherever it runs. */
const JOURNEYS = ["accounts", "tasks", "live", "design", "wire", "keyboard"];

test("the journeys of a person with a browser", { timeout: 300_000 }, async () => {
  const playwright = join(root, "e2e", "node_modules", "@playwright", "test", "cli.js");
  const files = JOURNEYS.map((name) => `journeys/${name}.spec.ts`);
  const env = { ...process.env, BASE_URL: composed.url, API_URL: `http://${await addressOf("api")}:8000` };

  const code = await runToEnd(
    [node, playwright, "test", "--project=journeys", "--grep-invert=@long", "--reporter=line", ...files],
    { cwd: join(root, "e2e"), env },
  );

  assert.equal(code, 0);
});
