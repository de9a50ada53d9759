/** The browser's journeys through what this slice is about, on the composed stack instead of one from this folder. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { node, root } from "../../scripts/lib/paths.ts";
import { runToEnd } from "../../scripts/lib/run.ts";
import { addressOf, composed } from "./lib/stack.ts";

test("the journeys of a person with a browser", { timeout: 300_000 }, async () => {
  const playwright = join(root, "e2e", "node_modules", "@playwright", "test", "cli.js");
  const env = { ...process.env, BASE_URL: composed.url, API_URL: `http://${await addressOf("api")}:8000` };

  const code = await runToEnd(
    // Two browsers and a stack on a small machine would wait for each other.
    [node, playwright, "test", "--project=journeys", "--grep=@slice", "--reporter=line", "--workers=1"],
    { cwd: join(root, "e2e"), env },
  );

  assert.equal(code, 0);
});
