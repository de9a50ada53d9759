// The lab may be taken away: nothing else of the project reads its code. The budgets and their runner stand alone.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { test } from "node:test";

import { root } from "../../scripts/lib/paths.ts";

const WHERE = ["perf", "scripts", "e2e", "web"];
const NOT = new Set(["node_modules", ".next", "test-results", "playwright-report", "coverage"]);

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !NOT.has(entry.name) && path !== import.meta.dirname) yield* sources(path);
    else if (entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name)) yield path;
  }
}

test("nothing imports the lab", () => {
  const importing = /(?:from|import|import\(|require\()\s*["'][^"']*\blab\/[^"']*["']/;
  const files = WHERE.flatMap((folder) => Array.from(sources(join(root, folder))));
  assert.ok(files.length > 200 && files.some((file) => file.endsWith(join("perf", "run.ts"))));

  const found = files.filter((file) => importing.test(readFileSync(file, "utf8")));

  assert.deepEqual(
    found.map((file) => relative(root, file).replaceAll(sep, "/")),
    [],
  );
});
