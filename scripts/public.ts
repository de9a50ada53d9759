// `make lint`: no variable that a build would bake into the page, for one image has to serve any host.
//   node scripts/public.ts [folder]
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { main, Sentence } from "./lib/errors.ts";
import { web } from "./lib/paths.ts";

/** Next replaces these by their values while it builds. */
const BAKED = /NEXT_PUBLIC_\w*/;
const MADE = new Set(["node_modules", ".next"]);

function* filesIn(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isFile()) yield path;
    else if (!MADE.has(name)) yield* filesIn(path);
  }
}

await main(async () => {
  const found = [...filesIn(process.argv[2] ?? web)].flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line, index) => (BAKED.test(line) ? [`${path}:${index + 1}: ${BAKED.exec(line)![0]}`] : [])),
  );
  if (found.length === 0) return;
  console.log(found.join("\n"));
  throw new Sentence("A build would bake these in: read them on the server, by web/lib/env.ts.");
});
