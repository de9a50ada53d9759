// nginx with this repository's configuration, before servers of this machine.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Sentence } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";
import { freePorts, isListening } from "../../scripts/lib/ports.ts";
import { eventually } from "../lib/wait.ts";

/** Nobody is limited here. */
const UNLIMITED = { NGINX_REQUESTS_PER_SECOND: "1000000", NGINX_BURST: "1000000", NGINX_CONNECTIONS: "60000" };

const docker = (...args: string[]): string => {
  try {
    return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  } catch (error) {
    throw new Sentence(`docker ${args[0]}: ${String((error as { stderr?: string }).stderr ?? error).trim()}`);
  }
};

/** Throws a sentence where there is no Docker engine. `api` and `web` are host:port on this machine. */
export async function startFront(api: string, web: string): Promise<{ port: number; end(): void }> {
  const [port, health] = (await freePorts(2)) as [number, number];
  const folder = mkdtempSync(join(tmpdir(), "slipstream-front-"));
  cpSync(join(root, "nginx"), folder, { recursive: true });
  // It shares this machine's network, so it gets ports of its own, on this machine only.
  for (const [file, from, to] of [
    ["tls/off.listen.conf.template", "listen 8080 ", `listen 127.0.0.1:${port} `],
    ["site.conf.template", "127.0.0.1:8081", `127.0.0.1:${health}`],
  ] as const) {
    const path = join(folder, "templates", file);
    const before = readFileSync(path, "utf8");
    if (!before.includes(from)) throw new Sentence(`nginx/templates/${file} has no "${from}".`);
    writeFileSync(path, before.replaceAll(from, to));
  }
  const dockerfile = readFileSync(join(folder, "Dockerfile"), "utf8");
  const image = /^ARG NGINX_IMAGE=(\S+)/m.exec(dockerfile)![1]!;
  const filter = /NGINX_ENVSUBST_FILTER="([^"]+)"/.exec(dockerfile)![1]!;
  const settings = {
    ...UNLIMITED,
    ...{ NGINX_ENVSUBST_FILTER: filter, HSTS_SECONDS: "0", NGINX_WORKERS: "1" },
    ...{ API_UPSTREAM: api, WEB_UPSTREAM: web, SITE_URL: `http://localhost:${port}`, TLS: "off" },
  };
  const env = Object.entries(settings).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const settle = join("docker-entrypoint.d", "15-slipstream.envsh");
  chmodSync(join(folder, settle), 0o755); // as the image has it; what isn't executable is passed over
  const mounts = ["nginx.conf", "http", "site", "templates"].map(
    (name) => `${join(folder, name)}:/etc/nginx/${name}:ro`,
  );
  mounts.push(`${join(folder, settle)}:/${settle}:ro`);
  const volumes = mounts.flatMap((mount) => ["--volume", mount]);
  const log = ["--log-driver", "json-file", "--log-opt", "max-size=10m"]; // as in compose.yml
  const run = ["run", "--detach", "--network", "host", ...log, "--tmpfs", "/etc/nginx/conf.d"];
  const id = docker(...run, ...env, ...volumes, image);
  const end = () => {
    execFileSync("docker", ["rm", "--force", id], { stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually("nginx listens", () => isListening(port));
  } catch {
    const said = spawnSync("docker", ["logs", "--tail", "3", id], { encoding: "utf8" });
    end();
    throw new Sentence(`nginx doesn't listen: ${said.stderr.trim()}`);
  }
  return { port, end };
}
