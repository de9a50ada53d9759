// The same stream as a client beside the browser gets it, from the API: what the page is held against.
import { Sentence } from "../../scripts/lib/errors.ts";
import { FrameParser } from "../../web/lib/streams/frames.ts";
import { RuledReader } from "../../web/lib/streams/rules.ts";

export interface Watched {
  text: string;
  /** When text came, in milliseconds of this process's clock. */
  arrivals: number[];
}

/** Reads a task's stream to its end by the contract's rules, and throws on the first that is broken. */
export async function watch(url: string, headers: Record<string, string>): Promise<Watched> {
  const response = await fetch(url, { headers: { ...headers, accept: "text/event-stream" } });
  if (!response.ok || !response.body) throw new Sentence(`${url}: ${response.status}`);
  const reader = new RuledReader();
  reader.connect();
  const parser = new FrameParser();
  const arrivals: number[] = [];
  for await (const bytes of response.body) {
    const now = performance.now();
    const before = reader.text.length;
    for (const frame of parser.feed(bytes)) reader.take(frame);
    if (reader.text.length > before) arrivals.push(now);
  }
  if (reader.ending !== "task_finished") throw new Sentence("A stream ended before its text.");
  return { text: reader.text, arrivals };
}

/** The longest time in which nothing came. */
export function longestGap(times: readonly number[]): number {
  return Math.max(0, ...times.slice(1).map((at, index) => at - times[index]!));
}
