/** nginx and its companion as compose/tls.yml has them, in a project of their own, by default with an authority of their own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { docker } from "./engine.ts";
import { composed, image } from "./stack.ts";

const FILES = ["compose/compose.yml", "compose/tls.yml", "e2e/docker/tls/pebble.yml"].flatMap((file) => [
  "--file",
  file,
]);
const PEBBLE = "ghcr.io/letsencrypt/pebble:2.10.1";

export const DOMAIN = "site.test";
export const OTHER_NAME = "www.site.test";

export class TlsStack {
  readonly #project: string;
  readonly #scratch = mkdtempSync(join(tmpdir(), "slipstream-tls-"));
  readonly #variables: Record<string, string>;

  /** `variables` are those of .env; of the stack under test only the images are taken. */
  constructor(name: string, variables: Record<string, string> = {}) {
    this.#project = `${composed.project}-${name}`;
    this.#variables = {
      COMPOSE_PROJECT_NAME: this.#project,
      NGINX_IMAGE: image("nginx"),
      ACME_IMAGE: image("acme"),
      PEBBLE_CA: join(this.#scratch, "pebble.pem"),
      SECRETS: this.#scratch,
      SITE_URL: "",
      HTTPS_PORT: "",
      TRUSTED_PROXIES: "",
      TLS: "",
      DOMAIN,
      ACME_NAMES: OTHER_NAME,
      ACME_EMAIL: `admin@${DOMAIN}`,
      ACME_DIRECTORY: "https://pebble:14000/dir",
      ...variables,
    };
  }

  compose(...args: string[]): Promise<string> {
    const project = ["compose", "--project-name", this.#project, "--env-file", "/dev/null", ...FILES];
    return docker([...project, ...args], composed.folder, this.#variables);
  }

  /** What certifies the authority's own address, from its image. */
  async prepare(): Promise<void> {
    const id = (await docker(["create", PEBBLE])).trim();
    await docker(["cp", `${id}:/test/certs/pebble.minica.pem`, this.#variables["PEBBLE_CA"]!]);
    await docker(["rm", id]);
    await this.compose("build", "acme");
  }

  async up(...services: string[]): Promise<void> {
    await this.compose("up", "--detach", "--no-deps", "--no-build", ...services);
  }

  async port(service: string, port: number): Promise<number> {
    return Number((await this.compose("port", service, String(port))).trim().split(":").at(-1));
  }

  /** The companion's script in its running container. */
  run(command: "renew" | "health"): Promise<string> {
    return this.compose("exec", "--no-TTY", "acme", "run", command);
  }

  async down(): Promise<void> {
    await this.compose("down", "--volumes", "--remove-orphans", "--timeout", "5");
    rmSync(this.#scratch, { recursive: true });
  }
}
