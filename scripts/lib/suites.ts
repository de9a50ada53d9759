// What `make test` and CI run: each suite is a command that leaves a JUnit report.
import { join } from "node:path";

import { api, node, python, root, web } from "./paths.ts";

export interface Suite {
  command: (report: string, args: string[]) => string[];
  cwd: string;
  env?: (report: string, args: string[]) => Record<string, string>;
  /** A step has no report: it passes or fails as one. */
  step?: true;
}

const script = (name: string, ...args: string[]): string[] => [node, join(root, "scripts", name), ...args];
const step = (...command: string[]): Suite => ({ command: () => command, cwd: root, step: true });
const nodeTests =
  (files = "**/*.test.ts"): Suite["command"] =>
  (report, args) => [
    ...[node, "--test", "--test-reporter=spec", "--test-reporter-destination=stdout"],
    ...["--test-reporter=junit", `--test-reporter-destination=${report}`, ...args, files],
  ];

export const CHECKS = ["format", "lint", "types", "contract", "breaking", "settings", "build-api"] as const;
export const TESTS = ["api", "scripts", "web", "perf", "build-web", "e2e"] as const;

/** Too long for every `make test`: CI runs them. */
export const LONG = [
  "api-long",
  "e2e-long",
  "scripts-long",
  "guide",
  "removal",
  "contract-fuzz",
  "chaos",
  "budgets",
] as const;

/** Needs a Docker engine. */
export const ENGINE = ["image-sizes", "docker"] as const;

export const SUITES: Record<(typeof CHECKS | typeof TESTS | typeof LONG | typeof ENGINE)[number], Suite> = {
  format: step(...script("check.ts", "format-check")),
  lint: step(...script("check.ts", "lint")),
  types: step(...script("check.ts", "typecheck")),
  contract: step(...script("contract.ts", "--check")),
  breaking: step(...script("contract-breaking.ts")),
  settings: step(...script("env-check.ts")),
  budgets: step(node, join(root, "perf", "run.ts"), "--quick"),
  "build-api": step(...script("build-api.ts")),
  // Somebody who asks for some tests gets the long ones among them.
  api: {
    cwd: api,
    command: (report, args) => (args.length === 0 ? script("test-api.ts", report) : pytest(report, args)),
  },
  "api-long": { cwd: api, command: (report, args) => pytest(report, ["-m", "long", ...args]) },
  scripts: {
    cwd: join(root, "scripts"),
    command: nodeTests(),
  },
  perf: {
    cwd: join(root, "perf"),
    command: nodeTests(),
  },
  "scripts-long": { cwd: join(root, "scripts"), command: nodeTests("*.long.ts") },
  web: {
    cwd: web,
    command: (report, args) => [
      ...[node, join(web, "node_modules", "vitest", "vitest.mjs"), "run", "--reporter=default", "--reporter=junit"],
      ...[`--outputFile.junit=${report}`, ...args],
    ],
  },
  chaos: {
    ...step(node, join(root, "e2e", "chaos", "main.ts")),
    env: () => ({ SEED: "20", SECONDS: "40", TASKS: "12", RUNS: "1" }),
  },
  guide: step(...script("guide.ts")),
  removal: step(...script("removal.ts")),
  "contract-fuzz": {
    cwd: root,
    command: (report, args) => [
      ...script("contract-fuzz.ts", "--report", "junit", "--report-junit-path", report),
      ...args,
    ],
  },
  "build-web": step(...script("build-web.ts")),
  // Where an engine is: .ci/run knows.
  "image-sizes": step(node, join(root, "perf", "run.ts"), "image-sizes"),
  docker: {
    cwd: root,
    command: (report, args) => [node, join(root, "e2e", "docker", "main.ts"), report, ...args],
  },
  e2e: browser([], (args) => args.length === 0),
  "e2e-long": browser(["--project=journeys", "--grep=@long"]),
};

function pytest(report: string, args: string[]): string[] {
  return [...script("with-servers.ts", "--"), python, "-m", "pytest", `--junitxml=${report}`, ...args];
}

/**
 * Without those tagged as long, unless somebody asks for some. Playwright's own option says nothing to a project that
 * another depends on.
 */
function browser(chosen: string[], isShort: (args: string[]) => boolean = () => false): Suite {
  const playwright = join(root, "e2e", "node_modules", "@playwright", "test", "cli.js");
  return {
    cwd: join(root, "e2e"),
    // Faster than people read, slow enough that a fault comes in the middle of a text.
    env: (report, args) => ({
      PLAYWRIGHT_JUNIT_OUTPUT_FILE: report,
      OFFLINE_TOKENS_PER_SECOND: "100",
      ...(isShort(args) ? { WITHOUT_LONG: "1" } : {}),
    }),
    command: (_, args) => [
      // At an address that somebody gives, or on a stack of their own.
      ...(process.env["BASE_URL"] ? [] : script("with-stack.ts", "--")),
      ...[node, playwright, "test", "--reporter=list,junit", ...chosen, ...args],
    ],
  };
}
