import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";

import { Connection, type Effort } from "./connection.ts";

const FRAMES = [
  'event: snapshot\nid: 1-1\ndata: {"type":"snapshot","task_id":"t","status":"running","attempt":1,"progress":null,"text":""}\n\n',
  'event: token\nid: 1-2\ndata: {"type":"token","offset":0,"text":"a"}\n\n',
  'event: token\nid: 1-3\ndata: {"type":"token","offset":1,"text":"b"}\n\n',
];
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const ANSWER = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk(FRAMES[0]!)}${chunk(FRAMES[1]! + FRAMES[2]!)}0\r\n\r\n`;

/** What a client makes of an answer that comes in pieces of `size` bytes. */
async function heard(answer: string, size: number, effort: Effort): Promise<Connection> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    const write = (at: number) => {
      if (at >= answer.length) return void socket.end();
      socket.write(answer.slice(at, at + size), () => setImmediate(write, at + size));
    };
    socket.once("data", () => write(0));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const connection = new Connection({ port, path: "/", headers: "", effort });
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (!connection.ended) return;
      clearInterval(look);
      resolve();
    }, 1);
  });
  server.close();
  return connection;
}

test("frames are counted the same wherever the bytes are cut", async () => {
  for (const size of [1, 2, 3, 7, 1_000]) {
    for (const effort of ["count", "parse", "judge"] as const) {
      const connection = await heard(ANSWER, size, effort);
      assert.deepEqual([connection.frames, connection.failure], [3, null], `${effort}, ${size} bytes at a time`);
    }
  }
});

test("a broken rule and a refusal are failures", async () => {
  const hole = await heard(ANSWER.replace('"offset":1', '"offset":2'), 1_000, "judge");
  assert.match(hole.failure ?? "", /offset 2/);
  const refused = await heard("HTTP/1.1 429 Too Many Requests\r\n\r\n", 1_000, "count");
  assert.match(refused.failure ?? "", /429/);
});
