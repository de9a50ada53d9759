// Looks for keys and passwords in what git tracks, or with --staged in what the next commit would add.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { main, Sentence } from "./lib/errors.ts";
import { node, root } from "./lib/paths.ts";
import { runToEnd } from "./lib/run.ts";

const git = (args: string[], input?: string): string =>
  execFileSync("git", args, { cwd: root, encoding: "utf8", input: input ?? "", maxBuffer: 64 << 20 });

await main(async () => {
  const staged = process.argv.includes("--staged");
  // The index is what gets committed, not the working tree: it is written out and scanned as it is.
  const copy = staged ? mkdtempSync(join(tmpdir(), "slipstream-staged-")) : null;
  try {
    const files = list(staged);
    if (files.length === 0) return;
    if (copy) git(["checkout-index", "-z", "--stdin", `--prefix=${copy}/`], files.join("\0") + "\0");
    const options = [
      "--secretlintrc",
      join(root, ".secretlintrc.json"),
      "--secretlintignore",
      join(root, ".secretlintignore"),
    ];
    const bin = join(root, "node_modules", "secretlint", "bin", "secretlint.js");
    const code = await runToEnd([node, bin, ...options, "--no-glob", ...files], { cwd: copy ?? root });
    if (code !== 0)
      throw new Sentence("A secret must not be committed: take it out, and renew it if it was ever pushed.");
  } finally {
    if (copy) rmSync(copy, { recursive: true, force: true });
  }
});

function list(staged: boolean): string[] {
  try {
    const args = staged ? ["diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z"] : ["ls-files", "-z"];
    return git(args).split("\0").filter(Boolean);
  } catch {
    return []; // a copy without git commits nothing
  }
}
