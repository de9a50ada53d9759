// Takes each feature of docs/guides/remove-a-feature.md out of a copy of the project, one at a time: what is left has to
// compile, and its tests have to pass.
//   node scripts/removal.ts [feature]
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { inCopy } from "./lib/copy.ts";
import { main, Sentence } from "./lib/errors.ts";
import { applied, type Removal, removalsOf } from "./lib/guide.ts";
import { node, python, root } from "./lib/paths.ts";
import { runToEnd } from "./lib/run.ts";

type Step = [name: string, folder: string, command: string[]];

// Where a feature that is gone would be missed. The rest knows no feature and takes minutes.
const API_TESTS = ["tests/core", "tests/health", "tests/test_contract.py", "tests/test_asvs.py"];
const WEB_TESTS = ["app", "features", "lib/api", "lib/env", "proxy"];

await main(async () => {
  const only = process.argv[2];
  const removals = removalsOf(readFileSync(join(root, "docs", "guides", "remove-a-feature.md"), "utf8"));
  const wanted = removals.filter(({ feature }) => only === undefined || feature === only);
  if (wanted.length === 0)
    throw new Sentence(`The guide takes out ${removals.map((each) => each.feature).join(", ")}.`);
  for (const removal of wanted) {
    const begun = performance.now();
    await inCopy(async (copy) => {
      remove(copy, removal);
      await run(removal, copy, [
        ["contract", ".", script(copy, "contract.ts")],
        ["settings", ".", [...script(copy, "env-check.ts"), "--write"]],
      ]);
      const done = await Promise.allSettled([run(removal, copy, ofTheApi(copy)), run(removal, copy, ofThePage(copy))]);
      for (const half of done) if (half.status === "rejected") throw half.reason;
    });
    console.log(`Without ${removal.feature}: passed in ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
  }
});

function remove(copy: string, { feature, paths, changes }: Removal): void {
  for (const path of paths) {
    if (!existsSync(join(copy, path))) throw new Sentence(`The guide deletes ${path} with ${feature}: it isn't there.`);
    rmSync(join(copy, path), { recursive: true });
  }
  for (const { path, text } of changes) {
    const file = join(copy, path);
    writeFileSync(file, applied(readFileSync(file, "utf8"), text));
  }
}

function script(copy: string, name: string): string[] {
  return [node, join(copy, "scripts", name)];
}

function ofTheApi(copy: string): Step[] {
  return [
    ["lint", "api", [python, "-m", "ruff", "check", "."]],
    ["format", "api", [python, "-m", "ruff", "format", "--check", "."]],
    ["types", "api", [python, "-m", "mypy"]],
    ["tests", "api", [...script(copy, "with-servers.ts"), "--", python, "-m", "pytest", "-q", ...API_TESTS]],
  ];
}

function ofThePage(copy: string): Step[] {
  const modules = (workspace: string, ...path: string[]) => join(copy, workspace, "node_modules", ...path);
  const tsc = [node, modules("", "typescript", "bin", "tsc"), "--noEmit"];
  return [
    ["routes of the page", "web", [node, modules("web", "next", "dist", "bin", "next"), "typegen"]],
    ["types of the page", "web", tsc],
    ["types of the scripts", "scripts", tsc],
    ["types of the browser's tests", "e2e", tsc],
    ["settings of the containers", "scripts", [node, "--test", "lib/docker-env.test.ts"]],
    [
      "tests of the page",
      "web",
      [node, modules("web", "vitest", "vitest.mjs"), "run", "--reporter=dot", "--testTimeout=60000", ...WEB_TESTS],
    ],
  ];
}

async function run({ feature }: Removal, copy: string, steps: Step[]): Promise<void> {
  for (const [name, folder, command] of steps) {
    const code = await runToEnd(command, { cwd: join(copy, folder), quiet: true });
    if (code !== 0) throw new Sentence(`Without ${feature} this fails: ${name}.`);
  }
}
