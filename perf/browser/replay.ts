// A server that says a text as a task's stream does, as fast as somebody reads it.
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import type { components } from "../../web/lib/api/schema.d.ts";

type TaskEvent = components["schemas"]["TaskEvent"];

/** As the offline generator cuts them. */
const TOKEN = /\s*(?:\w{1,8}|[^\w\s]{1,3})|\s+/g;
const ENDING = 2 ** 53 - 1;

export interface Replay {
  url: string;
  end(): void;
}

/** So many tokens of a text, again from its beginning where it is too short, written so many at a time. */
export async function startReplay(text: string, tokens: number, batch: number): Promise<Replay> {
  const parts = text.match(TOKEN)!;
  const writes = framesOf(
    Array.from({ length: tokens }, (_, index) => parts[index % parts.length]!),
    batch,
  );
  const server: Server = createServer((_, response) => void say(response, writes));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, end: () => void server.close() };
}

function framesOf(tokens: readonly string[], batch: number): string[] {
  let offset = 0;
  const frames = [frame("1-1", { type: "task_update", status: "running", attempt: 1, progress: 0 })];
  for (const [index, text] of tokens.entries()) {
    frames.push(frame(`1-${index + 2}`, { type: "token", offset, text }));
    offset += text.length;
  }
  const writes = [];
  for (let at = 0; at < frames.length; at += batch) writes.push(frames.slice(at, at + batch).join(""));
  const last: TaskEvent = { type: "task_finished", status: "completed", length: offset, result: null, error: null };
  return [...writes, frame(`1-${ENDING}`, last)];
}

const frame = (id: string, event: TaskEvent): string =>
  `event: ${event.type}\nid: ${id}\ndata: ${JSON.stringify(event)}\n\n`;

/** Apart, as tokens come: what is written at once is read at once, and painted once. */
const APART_MS = 4;

async function say(response: ServerResponse, writes: readonly string[]): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" });
  for (const write of writes) {
    if (response.destroyed) return;
    response.write(write);
    await sleep(APART_MS);
  }
  response.end();
}
