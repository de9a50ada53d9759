// The page's production build: made, and copied to where it runs.
import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { Sentence } from "./errors.ts";
import { node, web } from "./paths.ts";
import { runToEnd } from "./run.ts";

const standalone = join(web, ".next", "standalone");

/** Builds it, complete: Next leaves the static files out of its own folder. */
export async function buildPage(options: { quiet?: boolean } = {}): Promise<void> {
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const command = [node, join(web, "node_modules", "next", "dist", "bin", "next"), "build"];
  const code = await runToEnd(command, { cwd: web, env, ...options });
  if (code !== 0) throw new Sentence("The page's production build failed; see above.");
  await marked(options);
  const to = join(standalone, "web");
  cpSync(join(web, ".next", "static"), join(to, ".next", "static"), { recursive: true });
  if (existsSync(join(web, "public"))) cpSync(join(web, "public"), join(to, "public"), { recursive: true });
}

/** The pages that it rendered get to say which scripts are theirs. */
async function marked(options: { quiet?: boolean }): Promise<void> {
  const code = await runToEnd([node, join(web, "scripts", "static-pages.ts")], { cwd: web, ...options });
  if (code !== 0) throw new Sentence("A page that the build rendered can't have its policy; see above.");
}

/** Puts a copy of the build where it runs, so that later builds and tests of this folder don't disturb it. */
export function releasePage(folder: string): void {
  rmSync(`${folder}.new`, { recursive: true, force: true });
  cpSync(standalone, `${folder}.new`, { recursive: true, verbatimSymlinks: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(`${folder}.new`, folder);
}
