/** What of the project's folder gets to the builder: what an image is made of, and nothing that is anybody's own. */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

import { cleanCopy } from "./lib/copy.ts";
import { docker } from "./lib/engine.ts";

const CONTEXTS = [
  { part: "api", context: "api", has: ["app/main.py", "migrations/env.py", "alembic.ini", "requirements/runtime.txt"] },
  { part: "web", context: ".", has: ["bun.lock", "e2e/package.json", "web/package.json", "web/app/page.tsx"] },
  { part: "nginx", context: "nginx", has: ["nginx.conf"] },
];

/** What is in the folder of somebody who works on it. */
const PRIVATE = [".env", ".env.local", ".git/config", ".data/secrets/jwt_keys", "logs/api.log", "node_modules/a/b.js"];
const ELSEWHERE = [
  ".next/trace",
  "__pycache__/main.cpython-314.pyc",
  "tests/test_main.py",
  "lib/a.test.ts",
  "id_ed25519",
];
const KEPT_OUT =
  /(^|\/)(\.env[^/]*|\.git|\.data|logs|node_modules|\.next|__pycache__|tests|[^/]+\.test\.tsx?|id_ed25519)(\/|$)/;

let copy: string;

before(() => {
  copy = cleanCopy();
  for (const folder of [".", "api", "web", "nginx"])
    for (const name of [...PRIVATE, ...ELSEWHERE]) plant(join(copy, folder, name));
  plant(join(copy, "api", "app", "__pycache__", "main.cpython-314.pyc"));
  plant(join(copy, "web", "features", "tasks", ".env.production"));
});
after(() => rmSync(copy, { recursive: true, force: true }));

function plant(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "planted");
}

for (const { part, context, has } of CONTEXTS)
  test(`the context of ${part}'s image is what it is made of`, { timeout: 60_000 }, async (t) => {
    const listing = join(copy, part, "Dockerfile.listing");
    writeFileSync(listing, "FROM scratch\nCOPY . /\n");
    // The engine looks for the list of exceptions beside the Dockerfile first.
    const exceptions = join(copy, part, "Dockerfile.dockerignore");
    if (existsSync(exceptions)) cpSync(exceptions, `${listing}.dockerignore`);
    const out = mkdtempSync(join(tmpdir(), "slipstream-context-"));
    t.after(() => rmSync(out, { recursive: true, force: true }));

    await docker(["build", "--quiet", "--file", listing, "--output", `type=local,dest=${out}`, join(copy, context)]);

    const files = readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1));
    assert.deepEqual(
      files.filter((file) => KEPT_OUT.test(file)),
      [],
    );
    for (const file of has) assert(files.includes(file), `${file} is there`);
  });
