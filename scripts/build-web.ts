// `make build-web`: the production build of the page, complete: Next leaves the static files out of its own folder.
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";

import { main, Sentence } from "./lib/errors.ts";
import { node, web } from "./lib/paths.ts";
import { runToEnd } from "./lib/run.ts";

await main(async () => {
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const code = await runToEnd([node, join(web, "node_modules", "next", "dist", "bin", "next"), "build"], {
    cwd: web,
    env,
  });
  if (code !== 0) throw new Sentence("The page's production build failed; see above.");
  const standalone = join(web, ".next", "standalone", "web");
  cpSync(join(web, ".next", "static"), join(standalone, ".next", "static"), { recursive: true });
  if (existsSync(join(web, "public"))) cpSync(join(web, "public"), join(standalone, "public"), { recursive: true });
});
