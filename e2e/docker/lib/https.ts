/** Handshakes and requests by hand: what a browser hides is what is asked about. */
import { once } from "node:events";
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { text } from "node:stream/consumers";
import tls from "node:tls";

import { DOMAIN } from "./tls-stack.ts";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Of the certificate, if there was one. */
  serial: string | undefined;
}

interface Ask {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
}

export const overHttp = (port: number, { path = "/", ...ask }: Ask = {}): Promise<Answer> =>
  answered(plain({ host: "127.0.0.1", port, path, agent: false, ...ask }));

/** On a connection of its own; the certificate must be good for the name unless the options say otherwise. */
export const overHttps = (
  port: number,
  options: tls.ConnectionOptions,
  { path = "/", ...ask }: Ask = {},
): Promise<Answer> =>
  answered(
    secure({
      host: "127.0.0.1",
      port,
      path,
      agent: false,
      servername: DOMAIN,
      ...options,
      ...ask,
      headers: { host: DOMAIN, ...ask.headers },
    }),
  );

async function answered(sent: ReturnType<typeof plain>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    sent.setTimeout(10_000, () => sent.destroy(new Error("no answer within 10 s")));
    sent.on("error", reject);
    sent.on("response", (response) => {
      const { socket } = response;
      const serial = socket instanceof tls.TLSSocket ? socket.getPeerCertificate().serialNumber : undefined;
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, serial }));
    });
    sent.end();
  });
}

const inTime = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(10_000) });

/** What is at a path of a server whose certificate is nobody's business. */
export async function textAt(port: number, path: string): Promise<string> {
  const sent = secure({ host: "127.0.0.1", port, path, agent: false, rejectUnauthorized: false }).end();
  const [response] = await once(sent, "response", inTime());
  return text(response);
}

/** A connection after its handshake; the caller ends it. Throws what the server or we refused. */
export async function handshake(port: number, options: tls.ConnectionOptions): Promise<tls.TLSSocket> {
  const socket = tls.connect({ host: "127.0.0.1", port, servername: DOMAIN, ...options });
  await once(socket, "secureConnect", inTime());
  return socket;
}

/** Connects for a session, and once more with it: true when the server took it. */
export async function resumes(port: number, options: tls.ConnectionOptions): Promise<boolean> {
  const first = tls.connect({ host: "127.0.0.1", port, servername: DOMAIN, ...options });
  // In TLS 1.2 it comes within the handshake, in 1.3 after it, with what is read.
  first.resume();
  const session: Buffer = (await once(first, "session", inTime()))[0];
  first.destroy();
  const second = await handshake(port, { ...options, session });
  const taken = second.isSessionReused();
  second.destroy();
  return taken;
}

/** Asks on ever new connections, several at once, until it is stopped. */
export class Asking {
  readonly answers: Answer[] = [];
  readonly failures: unknown[] = [];
  readonly #loops: Promise<void>[];
  #stopped = false;

  constructor(port: number, options: tls.ConnectionOptions) {
    this.#loops = Array.from({ length: 4 }, async () => {
      while (!this.#stopped) {
        try {
          this.answers.push(await overHttps(port, options, { path: "/.none" }));
        } catch (error) {
          this.failures.push(error);
        }
      }
    });
  }

  /** The certificates in the order in which they were first seen. */
  get serials(): (string | undefined)[] {
    return [...new Set(this.answers.map(({ serial }) => serial))];
  }

  /** True when the last answers, of all of nginx's workers, are none of `old`. */
  areBeyond(old: readonly (string | undefined)[]): boolean {
    const last = this.answers.slice(-60);
    return last.length === 60 && last.every(({ serial }) => !old.includes(serial));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
  }
}
