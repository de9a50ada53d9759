// The clients, in a process of their own: it is kept off the server's core, and its garbage off the bench's clock.
import { Connection } from "./lib/connection.ts";
import type { Order, Seen } from "./lib/orders.ts";

const OPENING_AT_ONCE = 50;
const groups: Connection[][] = [];

process.on("message", ({ id, order }: { id: number; order: Order }) => {
  void obey(order).then((seen) => process.send!({ id, seen }));
});
process.once("disconnect", () => process.exit());

async function obey(order: Order): Promise<Seen> {
  if (order.do === "open") return seen(groups.push(await open(order)) - 1);
  if (order.do === "close") {
    const last = seen(order.group);
    for (const connection of groups[order.group]!) connection.close();
    groups[order.group] = [];
    return last;
  }
  return seen(order.group);
}

async function open({ port, paths, headers, place, efforts, count }: Order & { do: "open" }): Promise<Connection[]> {
  const connections: Connection[] = [];
  const worker = async () => {
    while (connections.length < count) {
      const index = connections.length;
      const request = { port, headers, path: paths[index % paths.length]!, effort: efforts[index % efforts.length]! };
      const connection = new Connection(request, place);
      connections.push(connection);
      await connection.opened;
    }
  };
  await Promise.all(Array.from({ length: OPENING_AT_ONCE }, worker));
  return connections;
}

function seen(group: number): Seen {
  const connections = groups[group]!;
  const failures = new Set(connections.flatMap(({ failure }) => failure ?? []));
  return {
    group,
    connections: connections.length,
    frames: connections.reduce((sum, { frames }) => sum + frames, 0),
    latencies: connections.flatMap(({ latencies }) => latencies.splice(0)),
    ended: connections.filter(({ ended }) => ended).length,
    failures: [...failures].slice(0, 3),
  };
}
