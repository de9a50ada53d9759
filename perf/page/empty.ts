// An empty Next app, built by the same Next: what a page costs before anybody has written a line of it.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { Sentence } from "../../scripts/lib/errors.ts";
import { guarded } from "../../scripts/lib/guarded.ts";
import { node, root, stackFolder, web } from "../../scripts/lib/paths.ts";
import { freePorts } from "../../scripts/lib/ports.ts";
import { httpReady, until } from "../../scripts/lib/ready.ts";
import { runToEnd } from "../../scripts/lib/run.ts";

const folder = join(stackFolder("perf"), "empty");
const stamp = join(folder, ".next", "stamp");
const next = join(web, "node_modules", "next", "dist", "bin", "next");

const FILES: Record<string, string> = {
  // Next looks for a lock file upwards, and finds a workspace's.
  "next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(root)} } };\n`,
  "app/layout.js": `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
`,
  "app/page.js": `export default function Page() {
  return <h1>Empty</h1>;
}
`,
};

/** Its build, made anew when Next or ours may be another: the lock file, our configuration, the files above. */
async function build(): Promise<void> {
  const made = [join(root, "bun.lock"), join(web, "next.config.ts"), join(web, "package.json")];
  const hash = createHash("sha256").update(JSON.stringify(FILES));
  for (const file of made) hash.update(readFileSync(file));
  const current = hash.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === current) return;

  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  symlinkSync(relative(folder, join(web, "node_modules")), join(folder, "node_modules"));
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  if ((await runToEnd([node, next, "build"], { cwd: folder, env, quiet: true })) !== 0)
    throw new Sentence("The empty app could not be built; see above.");
  writeFileSync(stamp, current);
}

export async function startEmpty(): Promise<{ url: string; end(): Promise<void> }> {
  await build();
  const [port] = (await freePorts(1)) as [number];
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  const server = guarded([node, next, "start", "-p", String(port), "-H", "127.0.0.1"], { cwd: folder, env });
  const url = `http://127.0.0.1:${port}`;
  const gaveUp = () => server.process.exitCode !== null;
  if (await until(() => httpReady(`${url}/`), { timeout: 30_000, gaveUp })) return { url, end: () => server.end() };
  await server.end();
  throw new Sentence("The empty app doesn't start.");
}
