// The page's development server in one process. `next dev` is two, a parent and the child that serves, and when the
// child is killed the parent stays without it: a supervisor then sees nothing to start again.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

import { web } from "./lib/paths.ts";

interface NextServer {
  prepare(): Promise<void>;
  getRequestHandler(): (...args: unknown[]) => Promise<void>;
  getUpgradeHandler(): (...args: unknown[]) => Promise<void>;
}
type Next = (options: { dev: true; turbopack: true; dir: string; hostname: string; port: number }) => NextServer;

Object.assign(process.env, { NODE_ENV: "development" });
process.chdir(web);
const next = createRequire(join(web, "package.json"))("next") as Next;
const port = Number(process.env["WEB_PORT"]);
const hostname = "127.0.0.1";

// With the compiler's cache of a server that was killed, pages sometimes reload for ever ("HMR hash mismatch"). The mark
// is there while a server runs; `prepare` empties the folder but for the cache.
const build = join(web, ".next", "dev");
const mark = join(build, "running");
if (existsSync(mark)) rmSync(join(build, "cache", "turbopack"), { recursive: true, force: true });

const app = next({ dev: true, turbopack: true, dir: web, hostname, port });
await app.prepare();
writeFileSync(mark, "");
const handle = app.getRequestHandler();
const upgrade = app.getUpgradeHandler();
const server = createServer((request, response) => void handle(request, response));
server.on("upgrade", (request, socket, head) => void upgrade(request, socket, head));
server.listen(port, hostname, () => console.log(`The development server listens on port ${port}.`));
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    rmSync(mark, { force: true });
    process.exit(0);
  });
}
