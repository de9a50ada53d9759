// The checks of the code: node scripts/check.ts format | format-check | lint | typecheck
// All of a kind run, two at a time, and each that fails shows what it said.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { main, Sentence } from "./lib/errors.ts";
import { dockerfiles, shellScripts } from "./lib/linted.ts";
import { api, node, python, root, web } from "./lib/paths.ts";
import { onPath } from "./lib/privileges.ts";

interface Check {
  name: string;
  command: string[];
  cwd?: string;
}

const bin = (...path: string[]): string[] => [node, join(root, "node_modules", ...path)];
const venv = (name: string): string => join(root, ".venv", "bin", name);

const CHECKS: Record<string, () => Check[]> = {
  format: () => [
    { name: "oxfmt", command: [...bin("oxfmt", "bin", "oxfmt")] },
    { name: "ruff format", command: [python, "-m", "ruff", "format", "--quiet", "."], cwd: api },
    { name: "ruff fix", command: [python, "-m", "ruff", "check", "--quiet", "--select", "I", "--fix", "."], cwd: api },
  ],
  "format-check": () => [
    { name: "oxfmt", command: [...bin("oxfmt", "bin", "oxfmt"), "--check"] },
    { name: "ruff format", command: [python, "-m", "ruff", "format", "--check", "."], cwd: api },
  ],
  lint: () => [
    { name: "oxlint", command: [...bin("oxlint", "bin", "oxlint"), "--type-aware", "--deny-warnings"] },
    { name: "knip", command: [...bin("knip", "bin", "knip.js")] },
    { name: "ruff", command: [python, "-m", "ruff", "check", "."], cwd: api },
    {
      name: "import-linter",
      command: [venv("python"), "-c", "from importlinter.cli import lint_imports_command as c; c()"],
      cwd: api,
    },
    { name: "public variables", command: [node, join(root, "scripts", "public.ts")] },
    { name: "secrets", command: [node, join(root, "scripts", "secrets.ts")] },
    { name: "shellcheck", command: [venv("shellcheck"), "--external-sources", ...shellScripts()] },
    ...dockerfiles().map((file) => ({ name: `hadolint ${file}`, command: [venv("hadolint"), file] })),
    { name: "zizmor", command: [venv("zizmor"), "--offline", "--quiet", ".github/workflows"] },
    ...(onPath("actionlint") ? [{ name: "actionlint", command: [onPath("actionlint")!] }] : []),
  ],
  typecheck: () => [
    { name: "mypy", command: [python, "-m", "mypy"], cwd: api },
    { name: "tsc scripts", command: [...bin("typescript", "bin", "tsc"), "-p", "scripts/tsconfig.json"] },
    { name: "tsc e2e", command: [...bin("typescript", "bin", "tsc"), "-p", "e2e/tsconfig.json"] },
    { name: "tsc perf", command: [...bin("typescript", "bin", "tsc"), "-p", "perf/tsconfig.json"] },
    { name: "tsc k6", command: [...bin("typescript", "bin", "tsc"), "-p", "perf/k6/tsconfig.json"] },
    {
      name: "tsc web",
      // The types of routes are Next's to generate; a clean checkout has none.
      command: [
        "sh",
        "-c",
        '"$1" node_modules/next/dist/bin/next typegen && "$1" node_modules/typescript/bin/tsc --noEmit',
        "sh",
        node,
      ],
      cwd: web,
    },
  ],
};

await main(async () => {
  const kind = process.argv[2] ?? "";
  const checks = CHECKS[kind]?.();
  if (!checks) throw new Sentence(`Usage: check.ts ${Object.keys(CHECKS).join(" | ")}`);
  const failed: string[] = [];
  const waiting = [...checks];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const begun = performance.now();
      const { code, said } = await run(check);
      console.log(
        `  ${code === 0 ? "ok  " : "FAIL"}  ${check.name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`,
      );
      if (code !== 0) {
        failed.push(check.name);
        console.log(said.trimEnd());
      }
    }
  };
  await Promise.all([worker(), worker()]);
  if (failed.length > 0) throw new Sentence(`${kind} failed: ${failed.join(", ")}`);
});

function run({ command: [file, ...args], cwd = root }: Check): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    if (!existsSync(cwd)) return resolve({ code: 1, said: `${cwd} is missing` });
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
    const child = spawn(file!, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.once("error", (error) => resolve({ code: 1, said: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, said }));
  });
}
