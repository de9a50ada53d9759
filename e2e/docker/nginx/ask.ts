import { request } from "node:http";
/** Requests that fetch can't make: raw bytes, HTTP/2 without TLS, and headers that browsers keep to themselves. */
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";

export interface Answer {
  status: number;
  /** Every header with all its values: a header that comes twice has two. */
  headers: Record<string, string[]>;
  body: Buffer;
}

interface Options {
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

export function ask(url: string, { method = "GET", headers = {}, body }: Options = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    // The path as it is written: URL would take its dots out.
    const path = url.slice(target.origin.length);
    const options = { host: target.hostname, port: target.port, path, method, headers, agent: false };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const found: Record<string, string[]> = {};
        for (let index = 0; index < response.rawHeaders.length; index += 2)
          (found[response.rawHeaders[index]?.toLowerCase() ?? ""] ??= []).push(response.rawHeaders[index + 1] ?? "");
        resolve({ status: response.statusCode ?? 0, headers: found, body: Buffer.concat(chunks) });
      });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

export const jsonOf = (answer: Answer): Record<string, unknown> => JSON.parse(answer.body.toString());

/** What an object from outside has, as texts. */
export const textsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(Object(value)).map(([key, found]) => [key, String(found)]));

/** One request over HTTP/2, known beforehand (no Upgrade). */
export function askHttp2(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string; arrivals: number[] }> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const session = connectHttp2(target.origin);
    session.once("error", reject);
    const stream = session.request({ ":path": target.pathname + target.search, ...headers });
    let status = 0;
    let body = "";
    const arrivals: number[] = [];
    stream.once("response", (found) => (status = Number(found[":status"])));
    stream.on("data", (chunk: Buffer) => {
      body += String(chunk);
      arrivals.push(performance.now());
    });
    stream.once("error", reject);
    stream.once("end", () => {
      session.close();
      resolve({ status, body, arrivals });
    });
  });
}

/** What is answered to these bytes until the other side closes; `hold` leaves our side open and silent. */
export function raw(port: number, bytes: string | Buffer, within = 5_000): Promise<{ text: string; ms: number }> {
  return new Promise((resolve) => {
    const from = performance.now();
    let text = "";
    const socket: Socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const done = () => {
      socket.destroy();
      resolve({ text, ms: performance.now() - from });
    };
    socket.setTimeout(within, done);
    socket.on("data", (chunk: Buffer) => (text += String(chunk)));
    socket.once("error", done);
    socket.once("close", done);
    socket.once("end", done);
  });
}
