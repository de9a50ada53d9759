// Asks one address again and again, over connections that stay.
import { connect } from "node:net";

import { Sentence } from "../../scripts/lib/errors.ts";

export interface Asking {
  port: number;
  path: string;
  connections: number;
  seconds: number;
  headers?: string;
}

/** Answers a second. Throws a sentence on any answer that isn't 200. */
export async function answersPerSecond({ port, path, connections, seconds, headers = "" }: Asking): Promise<number> {
  const request = Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept-Encoding: gzip\r\n${headers}\r\n`,
  );
  const began = performance.now();
  const end = began + seconds * 1_000;
  const each = Array.from({ length: connections }, () => asked(port, request, end));
  const answers = (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
  return answers / ((performance.now() - began) / 1_000);
}

const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/** How many answers until `end`; the next request follows the whole answer. */
async function asked(port: number, request: Buffer, end: number): Promise<number> {
  let count = 0;
  while (performance.now() < end) count += await overOne(port, request, end);
  return count;
}

/** One connection's answers, until `end` or until the server gives it up: nginx does after a thousand. */
function overOne(port: number, request: Buffer, end: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    let head = Buffer.alloc(0);
    let left: number | null = null; // of the body; null while the head isn't whole, -1 for chunks
    let isLast = false;
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    socket.setNoDelay(true);
    const fail = (why: string) => {
      socket.destroy();
      reject(new Sentence(`port ${port}: ${why}`));
    };
    socket.on("data", (data: Buffer) => {
      let body = data;
      if (left === null) {
        head = Buffer.concat([head, data]);
        const at = head.indexOf(HEAD_END);
        if (at === -1) return;
        const lines = head.subarray(0, at).toString("latin1");
        if (!lines.startsWith("HTTP/1.1 200")) return fail(lines.split("\r\n")[0]!);
        isLast = /\r\nconnection: close/i.test(lines);
        left = Number(/\r\ncontent-length: (\d+)/i.exec(lines)?.[1] ?? -1);
        body = head.subarray(at + HEAD_END.length);
        head = Buffer.alloc(0);
      }
      // Requests aren't piled up: what ends the data ends the answer.
      const done = left === -1 ? body.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK) : (left -= body.length) <= 0;
      if (!done) return;
      count += 1;
      left = null;
      if (performance.now() < end && !isLast) socket.write(request);
      else socket.end(() => resolve(count));
    });
    socket.once("error", ({ message }) => fail(message));
    socket.once("close", () => fail("closed")); // of no effect once it is resolved
  });
}
