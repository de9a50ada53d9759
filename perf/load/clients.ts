// A process full of SSE clients: kept apart, so that nothing else delays what they hear.
import { createHash } from "node:crypto";

import { Histogram } from "./histogram.ts";
import type { Heard, Order, Tale } from "./orders.ts";
import { Stream } from "./stream.ts";

/** How often streams are asked whether they were silent for too long, in milliseconds. */
const LISTENS = 1_000;

const waits = new Histogram();
const open = new Set<Stream>();
const heard: Heard[] = [];
const watching: Promise<void>[] = [];

process.on("message", (order: Order) => {
  if (order.do === "watch") return watch(order);
  void tell(order.within).then((tale) => process.send!(tale));
});
process.once("disconnect", () => process.exit());
setInterval(() => {
  for (const stream of open) stream.listen();
}, LISTENS);

/** Some come at once, the others one after the other. */
function watch({ task, url, headers, readers, spread }: Order & { do: "watch" }): void {
  for (let reader = 0; reader < readers; reader++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(() => void one(task, url, headers).then(resolve), (reader / readers) * spread);
    watching.push(promise);
  }
}

async function one(task: string, url: string, headers: Record<string, string>): Promise<void> {
  const stream = new Stream(url, headers, (ms) => waits.add(ms));
  const asked = performance.timeOrigin + performance.now();
  open.add(stream);
  await stream.run();
  open.delete(stream);
  const { opened, longest, endedAt, broken, events, connections, lost, refused, gaps, reader } = stream;
  heard.push({
    ...{ task, asked, opened, longest, broken, events, connections, lost, refused },
    endedAt: endedAt === null ? null : performance.timeOrigin + endedAt,
    gaps: gaps.byCursor + gaps.byOffset,
    status: reader.finished?.status ?? reader.ending,
    text: createHash("sha256").update(reader.text).digest("base64"),
  });
}

/** When all have their ending, or `within` milliseconds are over. */
async function tell(within: number): Promise<Tale> {
  const late = setTimeout(() => {
    for (const stream of open) stream.giveUp("It has no ending.");
  }, within);
  await Promise.all(watching);
  clearTimeout(late);
  return { heard, waits: waits.told };
}
