/** The browser's journeys through what this slice is about, on the composed stack instead of one from this folder. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { node, root } from "../../scripts/lib/paths.ts";
import { runToEnd } from "../../scripts/lib/run.ts";
import { addressOf, composed } from "./lib/stack.ts";

test("the journeys of a person with a browser", { timeout: 300_000 }, async () => {
  const env = { ...process.env, BASE_URL: composed.url, API_URL: `http://${await addressOf("api")}:8000` };

  const code = await runToEnd(
    // As at any other address. Two browsers and a stack on a small machine would wait for each other.
    [node, join(root, "scripts", "test.ts"), "e2e", "--grep=@slice", "--workers=1"],
    { cwd: root, env },
  );

  assert.equal(code, 0);
});
