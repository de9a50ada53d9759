/** nginx's image alone, between the tests and stubs, on a network of their own. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { root } from "../../../scripts/lib/paths.ts";
import { until } from "../../chaos/time.ts";
import { docker } from "../lib/engine.ts";

/** Any image with Node in it; the web's is there when these tests run. */
const NODE =
  process.env["STUB_IMAGE"] ??
  `${process.env["COMPOSE_PROJECT_NAME"] ?? "slipstream"}-web:${process.env["IMAGE_TAG"] ?? "local"}`;
const STUB = fileURLToPath(new URL("stub.ts", import.meta.url));
const LABEL = "slipstream.nginx-test";

/** As compose runs it. */
const FOLDERS = ["/tmp", "/etc/nginx/conf.d", "/var/cache/nginx", "/run"];
const HARDENED = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"].concat(
  FOLDERS.flatMap((path) => ["--tmpfs", path]),
);

/** These are in every answer of nginx's own. */
export const SECURITY = [
  "x-content-type-options",
  "referrer-policy",
  "x-frame-options",
  "permissions-policy",
  "cross-origin-opener-policy",
];

export interface Nginx {
  id: string;
  url: string;
  port: number;
}

export class Rig {
  readonly name = `slipstream-nginx-${process.pid}-${Math.floor(performance.now())}`;
  #image = "";

  /** Builds the image around these files of a web build, by their path in it. */
  async build(files: Record<string, string>): Promise<void> {
    const web = mkdtempSync(join(tmpdir(), "slipstream-web-"));
    for (const folder of ["static", "server/app"]) mkdirSync(join(web, "app/web/.next", folder), { recursive: true });
    mkdirSync(join(web, "app/web/public"), { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(web, "app/web", path, ".."), { recursive: true });
      writeFileSync(join(web, "app/web", path), content);
    }
    await docker(["build", "--quiet", "--tag", this.name, "--build-context", `web=${web}`, join(root, "nginx")]);
    rmSync(web, { recursive: true });
    this.#image = this.name;
    await docker(["network", "create", "--label", LABEL, this.name]);
  }

  /** Starts a stub that answers to a name. Gives the container's id. */
  async stub(alias: string, name = alias): Promise<string> {
    const at = ["--network", this.name, "--network-alias", alias, "--label", `${LABEL}=${this.name}`];
    const file = ["--volume", `${STUB}:/stub.ts:ro`, "--env", `STUB_NAME=${name}`];
    const run = ["run", "--detach", "--rm", ...at, ...file, "--entrypoint", "node", NODE, "/stub.ts"];
    const id = (await docker(run)).trim();
    if (!(await until(async () => (await docker(["logs", id])).includes("ready"), 20_000)))
      throw new Error(`the stub ${name} doesn't start`);
    return id;
  }

  /** Starts an nginx with these settings and waits until it answers. */
  async nginx(settings: Record<string, string> = {}): Promise<Nginx> {
    const given = {
      API_UPSTREAM: "api:8000",
      WEB_UPSTREAM: "web:8000",
      SITE_URL: "http://site.test:8080",
      ...settings,
    };
    const env = Object.entries(given).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    const at = ["--network", this.name, "--publish", "127.0.0.1::8080", "--label", `${LABEL}=${this.name}`];
    const id = (await docker(["run", "--detach", ...at, ...HARDENED, ...env, this.#image])).trim();
    const healthy = async () =>
      (await docker(["inspect", "--format", "{{.State.Health.Status}}", id])).trim() === "healthy";
    if (!(await until(healthy, 20_000))) throw new Error(`nginx is not healthy: ${await docker(["logs", id])}`);
    const port = Number((await docker(["port", id, "8080/tcp"])).trim().split(":").at(-1));
    return { id, port, url: `http://127.0.0.1:${port}` };
  }

  /** Starts it to see it refuse. Gives what it says. */
  async refused(settings: Record<string, string>): Promise<string> {
    const env = Object.entries(settings).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    try {
      await docker(["run", "--rm", ...HARDENED, ...env, this.#image, "nginx", "-t"]);
    } catch (error) {
      return String(error);
    }
    throw new Error("nginx takes these settings");
  }

  /** The access log's lines so far. */
  async log(nginx: Nginx): Promise<Record<string, unknown>[]> {
    const lines = (await docker(["logs", nginx.id])).split("\n");
    return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  /** What it has complained of so far: the error log. */
  async complaints(nginx: Nginx): Promise<string> {
    return (await promisify(execFile)("docker", ["logs", nginx.id])).stderr;
  }

  async end(): Promise<void> {
    const left = (await docker(["ps", "--all", "--quiet", "--filter", `label=${LABEL}=${this.name}`])).split("\n");
    await docker(["rm", "--force", ...left.filter(Boolean)]);
    await docker(["network", "rm", this.name]);
    await docker(["image", "rm", this.name]);
  }
}
