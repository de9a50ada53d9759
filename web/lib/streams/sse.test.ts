import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";

import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";

import { type Frame, type SseOptions, openSse } from "./sse";
import type { StreamState } from "./state";
import type { Timing } from "./timing";
import type { Wake, WakeReason } from "./wake";

type Handler = (request: IncomingMessage, response: ServerResponse, connection: number) => void;

const quick: Timing = { heartbeat: 200, stall: 400, firstWait: 1, longestWait: 5 };

const running: { server?: Server; close?: () => void } = {};

afterEach(() => {
  running.close?.();
  running.server?.closeAllConnections();
  running.server?.close();
});

/** A page without a window: its reasons to wake are the test's to give. */
function handWake() {
  const watchers = new Set<(reason: WakeReason) => void>();
  const wake: Wake = {
    watch: (callback) => {
      watchers.add(callback);
      return () => watchers.delete(callback);
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        });
        watchers.add(() => resolve());
      }),
  };
  return { wake, say: (reason: WakeReason) => watchers.forEach((watcher) => watcher(reason)) };
}

/** Opens a stream against a real server and keeps what it brought. */
async function open(handler: Handler, options: Partial<SseOptions> = {}) {
  let connections = 0;
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response, ++connections);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;

  const frames: Frame[] = [];
  const states: StreamState[] = [];
  const { wake, say } = handWake();
  const close = openSse({
    url: `http://127.0.0.1:${port}/stream`,
    cursor: () => frames.findLast(({ id }) => id !== null)?.id ?? null,
    receive: (batch) => {
      frames.push(...batch);
      return batch.some(({ name }) => name === "end") ? "end" : "more";
    },
    changed: (state) => states.push(state),
    timing: quick,
    wake,
    ...options,
  });
  Object.assign(running, { server, close });
  return { frames, states, requests, close, say };
}

function stream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { "content-type": "text/event-stream" });
}

const frame = (name: string, id: string, data = "{}") => `event: ${name}\nid: ${id}\ndata: ${data}\n\n`;
const END = frame("end", "9-9");

test("any bytes split anywhere are the same frames", async () => {
  const wire = Buffer.from(frame("token", "1-2", '{"text":"🔬 é"}') + ": comment\n\n" + frame("token", "1-3") + END);

  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: wire.length }), { maxLength: 6 }), async (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), wire.length];
      const { frames, states } = await open((_, response) => {
        stream(response);
        for (const [index, edge] of edges.entries()) response.write(wire.subarray(edges[index - 1] ?? 0, edge));
        response.end();
      });
      await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
      running.server?.close();

      expect(frames.map(({ id }) => id)).toEqual(["1-2", "1-3", "9-9"]);
      expect(frames[0]?.data).toBe('{"text":"🔬 é"}');
    }),
    { numRuns: 25 },
  );
});

test("a cut connection goes on with the last cursor", async () => {
  const { requests, states } = await open((_, response, connection) => {
    stream(response).write(connection === 1 ? frame("token", "1-7") : END);
    if (connection === 1) setTimeout(() => response.destroy(), 5);
  });

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  expect(requests.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "1-7"]);
  expect(states.map(({ name }) => name)).toEqual(["connecting", "live", "reconnecting", "live", "ended"]);
});

test("half a frame before a cut is never delivered", async () => {
  const { frames, states } = await open((_, response, connection) => {
    if (connection > 1) return stream(response).write(END);
    stream(response).write("event: token\nid: 1-2\ndata: {}");
    setTimeout(() => response.destroy(), 5);
  });

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  expect(frames.map(({ name }) => name)).toEqual(["end"]);
});

test("failures count up until there is progress", async () => {
  const { states } = await open((_, response, connection) => {
    if (connection < 4) return response.writeHead(503).end();
    if (connection === 4) return stream(response).end(frame("token", "1-2"));
    return stream(response).write(END);
  });

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  const counted = states.map((state) => state.name === "reconnecting" && state.failures).filter((n) => n !== false);
  expect(counted).toEqual([1, 2, 3, 0]);
});

test("a stream of heartbeats alone is no progress", async () => {
  const { states } = await open((_, response, connection) => {
    stream(response).end(connection === 1 ? "event: heartbeat\ndata: {}\n\n" : END);
  });

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  expect(states).toContainEqual({ name: "reconnecting", failures: 1 });
});

test("the server's retry is waited for", async () => {
  const slept: number[] = [];
  const { wake } = handWake();
  const { states } = await open(
    (_, response, connection) => {
      stream(response).end(connection === 1 ? `retry: 70\n\n${frame("token", "1-2")}` : END);
    },
    {
      wake: {
        ...wake,
        sleep: (ms, signal) => {
          slept.push(ms);
          return wake.sleep(0, signal);
        },
      },
    },
  );

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  expect(slept).toEqual([70]);
});

test("what failed before this stream is waited for, and forgotten with the first progress", async () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  const slept: number[] = [];
  const { wake } = handWake();
  const { states } = await open(
    (_, response, connection) => stream(response).end(connection === 1 ? frame("token", "1-2") : END),
    {
      before: 2,
      wake: {
        ...wake,
        sleep: (ms, signal) => {
          slept.push(ms);
          return wake.sleep(0, signal);
        },
      },
    },
  );

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  expect(slept).toEqual([4, 1]);
});

test("204 is the end, and nothing is asked again", async () => {
  const { requests, states } = await open((_, response) => response.writeHead(204).end());

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  expect(requests).toHaveLength(1);
});

test.for([401, 403, 404])("%i stops, and says so", async (status) => {
  const { requests, states } = await open((_, response) => response.writeHead(status).end());

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "refused", status }));
  expect(requests).toHaveLength(1);
});

test("an answer that is no event stream is tried again", async () => {
  const { states } = await open((_, response, connection) => {
    if (connection === 1) return response.writeHead(200, { "content-type": "text/html" }).end("<p>A portal</p>");
    return stream(response).write(END);
  });

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  expect(states).toContainEqual({ name: "reconnecting", failures: 1 });
});

test("a connection that falls silent is given up after the stall", async () => {
  const { requests, states } = await open(
    (_, response, connection) => {
      if (connection === 1) stream(response).write(frame("token", "1-2"));
      else stream(response).write(END);
    },
    { timing: { ...quick, stall: 60 } },
  );

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  expect(requests).toHaveLength(2);
});

test("a server that never answers is given up after the stall", async () => {
  const { states } = await open(
    (_, response, connection) => {
      if (connection > 1) stream(response).write(END);
    },
    { timing: { ...quick, stall: 60 } },
  );

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
});

test("going offline cuts the connection, coming back ends the wait", async () => {
  const { requests, states, say } = await open(
    (_, response, connection) => {
      stream(response).write(connection === 1 ? frame("token", "1-2") : END);
    },
    { timing: { ...quick, firstWait: 60_000, longestWait: 60_000 } },
  );
  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "live" }));

  say("offline");
  await vi.waitFor(() => expect(states.at(-1)).toMatchObject({ name: "reconnecting" }));
  say("online");

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  expect(requests).toHaveLength(2);
});

test("a page that is shown again keeps a connection that is fresh", async () => {
  const { requests, states, say, frames } = await open((_, response) => {
    stream(response).write(frame("token", "1-2"));
  });
  await vi.waitFor(() => expect(frames).toHaveLength(1));

  say("visible");

  expect(states.at(-1)).toEqual({ name: "live" });
  expect(requests).toHaveLength(1);
});

test("a verdict of again connects anew, without counting as progress", async () => {
  let first = true;
  const { states } = await open(
    (_, response, connection) => stream(response).write(connection === 1 ? frame("token", "1-9") : END),
    {
      receive: () => {
        const verdict = first ? "again" : "end";
        first = false;
        return verdict;
      },
    },
  );

  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "ended" }));
  expect(states).toContainEqual({ name: "reconnecting", failures: 1 });
});

test("closed at once, nothing is ever sent", async () => {
  const fetched = vi.spyOn(globalThis, "fetch");
  const changed = vi.fn<() => void>();

  const close = openSse({ url: "http://127.0.0.1:9/", cursor: () => null, receive: () => "more", changed });
  close();
  await new Promise((resolve) => setImmediate(resolve));

  expect(fetched).not.toHaveBeenCalled();
  expect(changed).not.toHaveBeenCalled();
});

test("closed later, the connection goes and nothing is told any more", async () => {
  const gone = vi.fn<() => void>();
  const { close, states } = await open((_, response) => {
    response.on("close", gone);
    stream(response).write(frame("token", "1-2"));
  });
  await vi.waitFor(() => expect(states.at(-1)).toEqual({ name: "live" }));
  const told = states.length;

  close();

  await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce());
  expect(states).toHaveLength(told);
});
