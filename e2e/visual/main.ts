// `make e2e-visual BASE=<git ref>`: how the key pages look in the build of this folder, beside the build of that ref.
// Both in one run, on one machine with one browser and one set of data; pictures are compared, and none is committed.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { main, Sentence } from "../../scripts/lib/errors.ts";
import { buildPage } from "../../scripts/lib/page.ts";
import { bun, node, root } from "../../scripts/lib/paths.ts";
import { runToEnd } from "../../scripts/lib/run.ts";

const kept = join(root, ".data", "visual");
const report = join(root, ".data", "reports", "visual");

await main(async () => {
  const ref = process.env["BASE"];
  if (!ref) throw new Sentence("Which build is this one compared with? make e2e-visual BASE=<git ref>");
  const base = await builtAt(commitOf(ref));
  await buildPage({ quiet: true });

  rmSync(join(kept, "pictures"), { recursive: true, force: true });
  const stack = [node, join(root, "scripts", "with-stack.ts"), "--", node, join(root, "e2e", "visual", "both.ts")];
  const code = await runToEnd(stack, { env: { ...process.env, BASE_PAGE: base, VISUAL_REPORT: report } });
  console.log(
    code === 0
      ? `No key page looks different from ${ref}.`
      : `Something looks different from ${ref}, or could not be looked at: ${join(report, "index.html")}`,
  );
  return code;
});

function commitOf(ref: string): string {
  try {
    return execFileSync("git", ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], { cwd: root, encoding: "utf8" })
      .trim()
      .slice(0, 12);
  } catch {
    throw new Sentence(`BASE=${ref} names no commit here.`);
  }
}

/** The folder of the page's build at a commit; made once. */
async function builtAt(commit: string): Promise<string> {
  const folder = join(kept, commit);
  if (existsSync(folder)) return folder;
  const copy = mkdtempSync(join(tmpdir(), "slipstream-visual-"));
  try {
    const archive = execFileSync("git", ["archive", commit], { cwd: root, maxBuffer: 1024 ** 3 });
    execFileSync("tar", ["-x"], { cwd: copy, input: archive });
    symlinkSync(join(root, ".tools"), join(copy, ".tools"));
    for (const command of [
      [bun, "install", "--frozen-lockfile"],
      [node, join(copy, "scripts", "build-web.ts")],
    ])
      if ((await runToEnd(command, { cwd: copy, quiet: true })) !== 0)
        throw new Sentence(`The page of ${commit} can't be built: ${command.join(" ")}`);
    // One is kept, for whoever looks again: each is 50 MB.
    rmSync(kept, { recursive: true, force: true });
    mkdirSync(kept, { recursive: true });
    renameSync(join(copy, "web", ".next", "standalone"), folder);
    return folder;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
