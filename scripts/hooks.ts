// `make hooks`: lets git run scripts/hooks, which are committed and reviewed like everything else.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { main, Sentence } from "./lib/errors.ts";
import { root } from "./lib/paths.ts";

await main(async () => {
  if (!existsSync(join(root, ".git")))
    throw new Sentence("This folder isn't a git repository yet: git init, then make hooks.");
  execFileSync("git", ["config", "core.hooksPath", "scripts/hooks"], { cwd: root });
  console.log("Every commit is checked now: secrets, format, lint. (Undo: git config --unset core.hooksPath)");
});
