// A door before a server, by which a fault comes to it: late answers, or files that weigh more.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGzip } from "node:zlib";

export interface Harm {
  /** How late every answer begins, in milliseconds. */
  late?: number;
  /** What every script weighs more, in bytes that no compression takes away. */
  noise?: number;
}

export interface Door {
  url: string;
  end(): void;
}

export async function openDoor(target: string, { late = 0, noise = 0 }: Harm): Promise<Door> {
  const server = createServer((asked, answer) => {
    const isScript = noise > 0 && asked.url!.endsWith(".js");
    const headers = isScript ? { ...asked.headers, "accept-encoding": "identity" } : asked.headers;
    const passed = request(new URL(asked.url!, target), { method: asked.method!, headers }, (given) => {
      delete given.headers["x-accel-expires"]; // who keeps answers would have the harm once
      setTimeout(() => {
        if (isScript) return blow(given, answer, noise);
        answer.writeHead(given.statusCode!, given.headers);
        given.pipe(answer);
      }, late);
    });
    passed.once("error", () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const end = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, end };
}

/** Compressed, as it was: that it isn't any more would be another fault, and a larger one. */
function blow(given: IncomingMessage, answer: ServerResponse, noise: number): void {
  const { "content-length": _, ...rest } = given.headers;
  answer.writeHead(given.statusCode!, { ...rest, "content-encoding": "gzip" });
  const packed = createGzip();
  packed.pipe(answer);
  packed.write(`/*${randomBytes(noise).toString("base64")}*/\n`);
  given.pipe(packed);
}
