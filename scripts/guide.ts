// Follows docs/guides/add-a-feature.md in a copy of the project: its tests and its types must pass there.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { inCopy } from "./lib/copy.ts";
import { main, Sentence } from "./lib/errors.ts";
import { applied, blocksOf } from "./lib/guide.ts";
import { node, python, root } from "./lib/paths.ts";
import { runToEnd } from "./lib/run.ts";

// The tests that hold for every operation and every table, those of the example too.
const OF_ALL = ["access", "contract", "cross_site", "migrations", "ownership", "personal"];

await main(() =>
  inCopy(async (copy) => {
    follow(copy, readFileSync(join(root, "docs", "guides", "add-a-feature.md"), "utf8"));

    const inApi = { cwd: join(copy, "api"), quiet: true };
    const inWeb = { cwd: join(copy, "web"), quiet: true };
    const next = join(copy, "web", "node_modules", "next", "dist", "bin", "next");
    const tsc = join(copy, "node_modules", "typescript", "bin", "tsc");
    const apiTests = ["notes", "core/test_limits.py", ...OF_ALL.map((name) => `test_${name}.py`)];
    const steps: [string, string[], object][] = [
      ["contract", [node, join(copy, "scripts", "contract.ts")], { cwd: copy, quiet: true }],
      ["settings", [node, join(copy, "scripts", "env-check.ts"), "--write"], { cwd: copy, quiet: true }],
      ["types of the API", [python, "-m", "mypy", "app/notes", "tests/notes"], inApi],
      ["lint of the API", [python, "-m", "ruff", "check", "app/notes", "tests/notes", "migrations"], inApi],
      ["routes of the page", [node, next, "typegen"], inWeb],
      ["types of the page", [node, tsc, "--noEmit"], inWeb],
      [
        "settings of the containers",
        [node, "--test", "lib/docker-env.test.ts"],
        { cwd: join(copy, "scripts"), quiet: true },
      ],
      [
        "tests",
        [
          ...[node, join(copy, "scripts", "with-servers.ts"), "--", python, "-m", "pytest", "-q"],
          ...apiTests.map((path) => join("tests", path)),
        ],
        inApi,
      ],
    ];
    for (const [name, command, options] of steps) {
      if ((await runToEnd(command, options)) !== 0) throw new Sentence(`The guide fails at: ${name}.`);
      console.log(`The guide's ${name}: passed.`);
    }
  }),
);

function follow(copy: string, guide: string): void {
  const head = newestRevision(join(copy, "api", "migrations", "versions"));
  for (const { language, path, text } of blocksOf(guide)) {
    const file = join(copy, path);
    mkdirSync(dirname(file), { recursive: true });
    const whole = language === "diff" ? applied(readFileSync(file, "utf8"), text) : text.replace("{{head}}", head);
    writeFileSync(file, whole);
  }
}

function newestRevision(folder: string): string {
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(folder, entry.name), "utf8"));
  const revisions = texts.map((text) => /^revision = "(\w+)"/m.exec(text)![1]!);
  const heads = revisions.filter((revision) => !texts.some((text) => text.includes(`down_revision = "${revision}"`)));
  if (heads.length !== 1) throw new Sentence(`The migrations have ${heads.length} heads.`);
  return heads[0]!;
}
