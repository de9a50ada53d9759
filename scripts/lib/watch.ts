// Restarts the Python processes when their code changes; the page's server sees to itself.
import { execFile } from "node:child_process";
import { existsSync, watch as watchFolder } from "node:fs";
import { join } from "node:path";

import { api, python, web } from "./paths.ts";
import type { Stack } from "./stack.ts";

// Parses without running anything or writing bytecode: a half-written file must not take the processes down.
const PARSE = "import ast, sys; [ast.parse(open(f, 'rb').read(), f) for f in sys.argv[1:]]";

export function watch(stack: Stack): void {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const restart = () => {
    const files = [...changed].filter((file) => existsSync(file));
    const names = [...changed].map((file) => file.slice(api.length + 1)).join(", ");
    execFile(python, ["-c", PARSE, ...files], (error, _, stderr) => {
      if (error) return console.error(`\n${stderr.trim()}\n  (api, worker and beat go on with the code before)`);
      changed.clear();
      console.log(`  ${names}: restarting api, worker, beat`);
      void stack.restart(["api", "worker", "beat"]);
    });
  };
  watchFolder(join(api, "app"), { recursive: true, persistent: false }, (_, file) => {
    if (!file?.endsWith(".py")) return;
    changed.add(join(api, "app", file));
    clearTimeout(timer);
    timer = setTimeout(restart, 150); // an editor writes a file in several steps
  });
  watchFolder(web, { persistent: false }, (_, file) => {
    if (file !== "next.config.ts") return;
    console.log("  next.config.ts: restarting web");
    void stack.restart(["web"]);
  });
}
