// The services for a person to read.
import type { StackStatus } from "./control.ts";

export function table({ services }: StackStatus): string {
  const rows = services.map(({ name, state, pid, port, ready }) => [
    name,
    ready ? "ready" : state === "running" ? "starting" : state,
    pid === null ? "" : `pid ${pid}`,
    port === null ? "" : `port ${port}`,
  ]);
  return rows
    .map(([name, ...rest]) => `  ${name!.padEnd(10)}${rest.map((cell) => cell.padEnd(12)).join("")}`.trimEnd())
    .join("\n");
}
