// Runs suites one after the other, whatever each says, and ends with one plain line: `N passed, N failed`.
//   node scripts/test.ts [ci | suite …] [arguments of the last suite]
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { main, Sentence } from "./lib/errors.ts";
import { type Counts, count, failures } from "./lib/junit.ts";
import { root } from "./lib/paths.ts";
import { runToEnd } from "./lib/run.ts";
import { CHECKS, ENGINE, LONG, SUITES, TESTS } from "./lib/suites.ts";

type Name = keyof typeof SUITES;

/** What .ci/run found out: why the composed stack can't be tested, or nothing. */
const withoutDocker = process.env["WITHOUT_DOCKER"] ?? "";
const reports = join(root, ".data", "reports");

await main(async () => {
  const { names, args } = chosen(process.argv.slice(2));
  mkdirSync(reports, { recursive: true });
  const lines: string[] = [];
  const failed: string[] = [];
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  let interrupted = false;
  process.on("SIGINT", () => (interrupted = true));

  for (const name of names) {
    console.log(`\n── ${name} ${"─".repeat(Math.max(0, 70 - name.length))}`);
    const begun = performance.now();
    const { counts, faults } = await run(name, name === names.at(-1) ? args : []);
    failed.push(...faults.map((fault) => `${name}: ${fault}`));
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    lines.push(
      `  ${name.padEnd(14)}${String(counts.passed).padStart(5)} passed ${String(counts.failed).padStart(4)} failed ${seconds.padStart(7)} s`,
    );
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
    if (interrupted) break;
  }
  console.log(`\n${lines.join("\n")}\n`);
  // What scrolled by, or was cut off, once more at the end.
  if (failed.length > 0) console.log(`${failed.join("\n\n")}\n`);
  if (withoutDocker !== "") console.log(`make docker-test did not run: ${withoutDocker}`);
  if (sum.skipped > 0) console.log(`${sum.skipped} skipped`);
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed === 0 && sum.passed > 0 && !interrupted ? 0 : 1;
});

async function run(name: Name, args: string[]): Promise<{ counts: Counts; faults: string[] }> {
  const suite = SUITES[name];
  const report = join(reports, `${name}.xml`);
  rmSync(report, { force: true });
  const env = { ...process.env, ...suite.env?.(report, args) };
  const code = await runToEnd(suite.command(report, args), { cwd: suite.cwd, env });
  if (suite.step) return { counts: { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }, faults: [] };
  const written = existsSync(report) ? readFileSync(report, "utf8") : "";
  const counts = count(written);
  // A suite that broke off, or that found nothing to run, has failed even if no single test says so.
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) counts.failed = 1;
  return { counts, faults: failures(written) };
}

function chosen(words: string[]): { names: Name[]; args: string[] } {
  if (words[0] === "ci") {
    const engine = withoutDocker === "" ? ENGINE : [];
    return { names: [...CHECKS, ...TESTS, ...LONG, ...engine], args: words.slice(1) };
  }
  const end = words.findIndex((word) => !(word in SUITES));
  const names = (end === -1 ? words : words.slice(0, end)) as Name[];
  const args = end === -1 ? [] : words.slice(end);
  if (names.length === 0 && args.length > 0)
    throw new Sentence(`There is no suite ${args[0]}: ${Object.keys(SUITES).join(", ")}.`);
  if (names.includes("e2e") && !names.includes("build-web") && !process.env["BASE_URL"])
    names.splice(names.indexOf("e2e"), 0, "build-web");
  return { names: names.length ? names : [...TESTS], args };
}
