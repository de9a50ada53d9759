// All short tests of the API, in two halves beside each other: each has a Postgres, a Valkey and a process of its own.
//   node scripts/test-api.ts <report>
import { readFileSync, rmSync, writeFileSync } from "node:fs";

import { main } from "./lib/errors.ts";
import { api, node, python, root } from "./lib/paths.ts";
import { runToEnd } from "./lib/run.ts";

const HALVES = ["1", "2"];

await main(async () => {
  const report = process.argv[2] ?? "";
  const parts = HALVES.map((half) => `${report}.${half}`);
  const codes = await Promise.all(HALVES.map((half, index) => run(half, parts[index]!)));
  writeFileSync(report, `<testsuites>\n${parts.map(testsOf).join("\n")}\n</testsuites>\n`);
  for (const part of parts) rmSync(part, { force: true });
  return Math.max(...codes);
});

function run(half: string, report: string): Promise<number> {
  const tests = [python, "-m", "pytest", `--junitxml=${report}`, "-m", "not long"];
  return runToEnd([node, `${root}/scripts/with-servers.ts`, "--", ...tests], {
    cwd: api,
    quiet: half !== HALVES[0], // one of them tells how far it is
    env: { ...process.env, HALF: half },
  });
}

function testsOf(report: string): string {
  return readFileSync(report, "utf8").replace(/^<\?xml[^>]*>\s*<testsuites[^>]*>|<\/testsuites>\s*$/g, "");
}
