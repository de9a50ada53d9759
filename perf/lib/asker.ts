// Asks one question over and over on a few connections, as fast as the answers come.
import { connect, type Socket } from "node:net";

import { Sentence } from "../../scripts/lib/errors.ts";

export interface Question {
  method: "GET" | "POST";
  path: string;
  /** Lines, each with its end. */
  headers: string;
  body?: string;
}

const END_OF_HEAD = "\r\n\r\n";

/** Asks for so many seconds. Gives how many good answers came; throws a sentence on another, or when a server goes. */
export async function ask(port: number, question: Question, connections: number, seconds: number): Promise<number> {
  const { method, path, headers, body = "" } = question;
  const length = body ? `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` : "";
  const bytes = Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}${length}\r\n${body}`);
  const until = performance.now() + seconds * 1_000;
  const counts = await Promise.all(Array.from({ length: connections }, () => askedOn(port, bytes, path, until)));
  return counts.reduce((sum, count) => sum + count, 0);
}

function askedOn(port: number, question: Buffer, path: string, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    let seen: Buffer = Buffer.alloc(0);
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const fail = (why: string) => {
      socket.destroy();
      reject(new Sentence(`${path}: ${why}`));
    };
    socket.on("connect", () => socket.write(question));
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("the server hung up."));
    socket.on("data", (chunk: Buffer) => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const head = seen.indexOf(END_OF_HEAD);
      if (head === -1) return;
      const text = seen.toString("latin1", 0, head);
      if (!text.startsWith("HTTP/1.1 2")) return fail(text.slice(0, text.indexOf("\r\n")));
      const body = Number(/^content-length: (\d+)$/im.exec(text)?.[1] ?? NaN);
      if (!(seen.length >= head + END_OF_HEAD.length + body)) return;
      seen = Buffer.alloc(0);
      count += 1;
      if (performance.now() < until) return void socket.write(question);
      socket.removeAllListeners("close").destroy();
      resolve(count);
    });
  });
}
