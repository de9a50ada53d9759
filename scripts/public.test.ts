import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "./lib/paths.ts";

const check = (folder: string) =>
  spawnSync(process.execPath, [join(root, "scripts", "public.ts"), folder], { encoding: "utf8" });

test("a variable that a build bakes in is refused, wherever it is", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-public-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["lib", ".next"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "lib", "env.ts"), "export const url = process.env.API_URL;\n");
  writeFileSync(join(folder, ".next", "chunk.js"), "process.env.NEXT_PUBLIC_API\n");
  assert.equal(check(folder).status, 0);

  writeFileSync(join(folder, "lib", "site.ts"), "export const url =\n  process.env.NEXT_PUBLIC_API;\n");

  const { status, stdout } = check(folder);
  assert.equal(status, 1);
  assert.match(stdout, /lib\/site\.ts:2: NEXT_PUBLIC_API/);
});
