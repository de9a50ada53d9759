// `make lock`: how a dependency is added, and how all are locked anew.
//   make lock                                 lock again what the .in files and package.json files say
//   make lock ARGS="web zod"                  add one to a workspace (web, e2e, perf, scripts, root); "web -d msw" for development
//   make lock ARGS="api httpx"                add one to what the API imports, newest or as given (httpx==0.28.1)
//   make lock ARGS="dev pytest-randomly"      the same for tests and checks (also: local, embedded, tools), or for acme
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { main, Sentence } from "./lib/errors.ts";
import { boundLines, missingPlatforms, unhashed } from "./lib/lock-check.ts";
import { bun, root } from "./lib/paths.ts";
import { runToEnd } from "./lib/run.ts";

const PYTHON = ["runtime", "local", "embedded", "dev", "tools", "acme"]; // the others are constrained by the first
const ALONE: Record<string, string> = { acme: join(root, "nginx", "acme", "requirements") }; // an image of its own
const WORKSPACES: Record<string, string> = { web: "web", e2e: "e2e", perf: "perf", scripts: "scripts", root: "." };

await main(async () => {
  const [where, ...what] = process.argv.slice(2);
  if (where === undefined) {
    await compileAll(["--upgrade"].slice(process.env["UPGRADE"] === "1" ? 0 : 1));
    await must([bun, "install", "--lockfile-only"], root);
  } else if (what.length === 0) {
    throw new Sentence('Name the place and the package: make lock ARGS="web zod", make lock ARGS="api httpx"');
  } else if (where in WORKSPACES) {
    await must([bun, "add", "--exact", ...what], join(root, WORKSPACES[where]!));
  } else {
    const name = where === "api" ? "runtime" : where;
    if (!PYTHON.includes(name))
      throw new Sentence(
        `There is no place ${where}: api, dev, local, embedded, tools, acme, web, e2e, perf, scripts, root.`,
      );
    for (const requirement of what) await addPython(name, requirement);
    await compileAll([]);
  }
  verify();
});

async function addPython(name: string, requirement: string): Promise<void> {
  const file = pathOf(name, "in");
  const bare = /^[\w.-]+/.exec(requirement)?.[0].toLowerCase() ?? requirement;
  const before = readFileSync(file, "utf8");
  const others = before
    .trimEnd()
    .split("\n")
    .filter((line) => /^[\w.-]+/.exec(line)?.[0].toLowerCase() !== bare);
  try {
    writeFileSync(file, [...others, requirement].join("\n") + "\n");
    await compile(name, []);
    const locked = new RegExp(`^${bare.replaceAll(/[-_.]/g, "[-_.]")}==([^\\s;]+)`, "im").exec(
      readFileSync(pathOf(name, "txt"), "utf8"),
    );
    const pinned = requirement.includes("==") ? requirement : `${requirement}==${locked![1]}`;
    const comments = others.filter((line) => !/^[\w]/.test(line));
    const packages = others.filter((line) => /^[\w]/.test(line));
    writeFileSync(file, [...comments, ...[...packages, pinned].toSorted()].join("\n") + "\n");
  } catch (error) {
    writeFileSync(file, before);
    throw error;
  }
}

function pathOf(name: string, kind: "in" | "txt"): string {
  return `${ALONE[name] ?? join(root, "api", "requirements", name)}.${kind}`;
}

async function compileAll(options: string[]): Promise<void> {
  for (const name of PYTHON) await compile(name, options);
}

function compile(name: string, options: string[]): Promise<void> {
  const uv = join(root, ".tools", "bin", "uv");
  const neutral = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
  ];
  // By their bare names: the lock's comments quote them.
  const [from, to] = [pathOf(name, "in"), pathOf(name, "txt")];
  return must(
    [uv, "pip", "compile", "--quiet", ...neutral, ...options, basename(from), "-o", basename(to)],
    dirname(from),
  );
}

async function must(command: string[], cwd: string): Promise<void> {
  if ((await runToEnd(command, { cwd })) !== 0) throw new Sentence("Nothing was locked; see above.");
}

function verify(): void {
  const lock = readFileSync(join(root, "bun.lock"), "utf8");
  const requirements = PYTHON.map((name) => readFileSync(pathOf(name, "txt"), "utf8"));
  const problems = [
    ...missingPlatforms(lock).map(
      (missing) => `bun.lock lacks a platform's package: ${missing}. Take an older release of it.`,
    ),
    ...[lock, ...requirements].flatMap(boundLines).map((line) => `A lock must name no registry: ${line.trim()}`),
    ...requirements.flatMap(unhashed).map((line) => `A requirement has no hash: ${line.trim()}`),
  ];
  if (problems.length > 0) throw new Sentence(problems.join("\n"));
  console.log("Locked. The next make target installs it.");
}
