/** The page's production build by itself, told where it is and where its API is: as a container runs it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";

import { node, web } from "../../scripts/lib/paths.ts";
import { freePorts } from "../../scripts/lib/ports.ts";
import { httpReady, until } from "../../scripts/lib/ready.ts";

/** What answers in the API's place, and what it was asked. */
export class StubApi {
  readonly asked: IncomingMessage[] = [];
  readonly #server: Server;
  url = "";

  constructor(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    this.#server = createServer((request, response) => {
      this.asked.push(request);
      answer(request, response);
    });
  }

  async listen(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    return this;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

export class PageServer {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** `page` is the folder of another build than the one of `make build-web`. */
  static async start(
    settings: { API_URL: string; SITE_URL: string },
    page = join(web, ".next", "standalone"),
  ): Promise<PageServer> {
    const [port] = await freePorts(1);
    const folder = join(page, "web");
    const own = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", HOSTNAME: "127.0.0.1", PORT: String(port) };
    const child = spawn(node, ["server.js"], { cwd: folder, env: { ...own, ...settings }, stdio: "ignore" });
    const server = new PageServer(`http://127.0.0.1:${port}`, child);
    const isReady = () => httpReady(`${server.url}/healthz`);
    if (await until(isReady, { timeout: 20_000, gaveUp: () => child.exitCode !== null })) return server;
    await server.stop();
    throw new Error("the page's server didn't start");
  }

  /** Resolves with the time that it took to end, in milliseconds. */
  async stop(): Promise<number> {
    const begun = performance.now();
    if (this.#child.exitCode === null && this.#child.kill("SIGTERM")) await once(this.#child, "exit");
    return performance.now() - begun;
  }
}
