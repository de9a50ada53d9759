/** What becomes of a stream whose token has run out. */
import { createServer } from "node:http";

import { afterEach, expect, test, vi } from "vitest";

import type { Renewal } from "../session/renewal";
import { openSse } from "./sse";
import type { StreamState } from "./state";

const session = vi.hoisted(() => ({ renewals: [] as Renewal[], asked: 0 }));
vi.mock("../session/renewal", () => ({
  renew: async () => {
    session.asked++;
    return session.renewals.shift() ?? { name: "over" };
  },
}));

const problem = { title: "t", status: 401, detail: "d", code: "unauthenticated", request_id: "r" };
const running: (() => void)[] = [];
afterEach(() => running.splice(0).forEach((close) => close()));

/** A stream of two events on two connections, of which the tokens are refused as often as said. */
async function open(refusals: number, renewals: Renewal[]) {
  Object.assign(session, { renewals, asked: 0 });
  const cursors: (string | undefined)[] = [];
  const states: StreamState[] = [];
  let cursor: string | null = "1-7";
  const server = createServer(({ headers }, response) => {
    cursors.push(headers["last-event-id"]?.toString());
    if (cursors.length <= refusals)
      return response.writeHead(401, { "content-type": "application/problem+json" }).end(JSON.stringify(problem));
    return response.writeHead(200, { "content-type": "text/event-stream" }).end("event: end\nid: 1-8\ndata: {}\n\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const close = openSse({
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`,
    cursor: () => cursor,
    receive: (frames) => {
      cursor = frames.at(-1)?.id ?? cursor;
      return "end";
    },
    changed: (state) => states.push(state),
    timing: { heartbeat: 200, stall: 400, firstWait: 1, longestWait: 5 },
    wake: { watch: () => () => {}, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  });
  running.push(
    close,
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const end = () => vi.waitFor(() => expect(["ended", "refused"]).toContain(states.at(-1)?.name));
  return { cursors, states, end };
}

test("the token is renewed and the stream goes on from its cursor, as if nothing had been", async () => {
  const { cursors, states, end } = await open(1, [{ name: "renewed", at: 1 }]);
  await end();

  expect(cursors).toEqual(["1-7", "1-7"]);
  expect(states.map(({ name }) => name)).toEqual(["connecting", "live", "ended"]);
});

test("nobody is signed in any more: it stops, and says so", async () => {
  const { cursors, states, end } = await open(9, [{ name: "over" }]);
  await end();

  expect(states.at(-1)).toEqual({ name: "refused", status: 401 });
  expect(cursors).toHaveLength(1);
});

test("a new token that is refused too makes no circle", async () => {
  const { cursors, states, end } = await open(
    9,
    Array.from({ length: 9 }, () => ({ name: "renewed", at: 1 })),
  );
  await end();

  expect(states.at(-1)).toEqual({ name: "refused", status: 401 });
  expect(cursors).toHaveLength(2);
});

test("while nobody can say, it reconnects", async () => {
  const { states, end } = await open(2, [{ name: "unknown" }, { name: "renewed", at: 1 }]);
  await end();

  expect(states).toContainEqual({ name: "reconnecting", failures: 1 });
  expect(states.at(-1)).toEqual({ name: "ended" });
});
