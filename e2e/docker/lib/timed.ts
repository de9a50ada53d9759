/** A whole stream as it comes over the wire, with the moment at which each event came. */
import assert from "node:assert/strict";
import { get, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:http2";
import type { Readable } from "node:stream";

import { FrameParser } from "../../../web/lib/streams/frames.ts";
import { RuledReader } from "../../../web/lib/streams/rules.ts";

export interface Timed {
  status: number;
  headers: IncomingHttpHeaders;
  reader: RuledReader;
  /** When each event with a cursor came, in milliseconds. */
  arrivals: Map<string, number>;
}

type Version = "HTTP/1.1" | "HTTP/2";

/** What any browser says it takes; a proxy that believes it would hold events back. */
const ACCEPT = { accept: "text/event-stream", "accept-encoding": "gzip, deflate, br" };

/** Reads the address to its end; throws on a broken rule. HTTP/2 is spoken at once, as behind a load balancer. */
export async function timed(url: URL, headers: Record<string, string>, version: Version): Promise<Timed> {
  const read = version === "HTTP/2" ? overHttp2 : overHttp1;
  const answer = await read(url, { ...ACCEPT, ...headers });
  assert.equal(answer.headers["content-encoding"], undefined, "a stream is not compressed");
  const parser = new FrameParser();
  const reader = new RuledReader();
  reader.connect();
  const arrivals = new Map<string, number>();
  try {
    for await (const chunk of answer.body) {
      const now = performance.now();
      for (const frame of parser.feed(chunk)) {
        reader.take(frame);
        if (frame.id !== null) arrivals.set(frame.id, now);
      }
    }
  } finally {
    answer.close();
  }
  reader.closed(parser.retry);
  return { status: answer.status, headers: answer.headers, reader, arrivals };
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Readable;
  close: () => void;
}

async function overHttp1(url: URL, headers: Record<string, string>): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = get(url, { headers, agent: false }, (response) =>
    resolve({
      status: response.statusCode!,
      headers: response.headers,
      body: response,
      close: () => request.destroy(),
    }),
  );
  request.once("error", reject);
  return promise;
}

async function overHttp2(url: URL, headers: Record<string, string>): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const session = connect(url.origin);
  const stream = session.request({ ":path": url.pathname + url.search, ...headers });
  session.once("error", reject);
  stream.once("error", reject);
  stream.once("response", ({ ":status": status, ...rest }) =>
    resolve({ status: Number(status), headers: rest, body: stream, close: () => session.destroy() }),
  );
  return promise;
}

/**
 * The longest time by which the gap before an event grew on the way, against the same gap at a reader beside the
 * server. Both read in this process: what keeps it from running keeps it from reading both.
 */
export function addedGap(direct: Timed, proxied: Timed): number {
  const common = [...direct.arrivals.keys()].filter((id) => proxied.arrivals.has(id));
  assert(common.length > 50, `${common.length} events are there to be compared`);
  let longest = 0;
  for (let at = 1; at < common.length; at++) {
    const gap = ({ arrivals }: Timed) => arrivals.get(common[at]!)! - arrivals.get(common[at - 1]!)!;
    longest = Math.max(longest, gap(proxied) - gap(direct));
  }
  return longest;
}

/** From the first event with text to the last: zero for a stream that was held back and came at once. */
export function spread({ arrivals }: Timed): number {
  const at = [...arrivals.values()];
  return at.at(-1)! - at[0]!;
}
