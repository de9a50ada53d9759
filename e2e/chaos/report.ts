/** What a run prints at its end. */
import type { Fault } from "./faults.ts";
import { type Ledger, percentile } from "./ledger.ts";
import type { Tally } from "./verdict.ts";

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
/** Silences before another attempt in which a worker was killed, and nothing else happened. */
function recoveries(takeovers: Ledger["takeovers"], faults: readonly Fault[]): number[] {
  return takeovers.flatMap(({ from, to }) => {
    const near = faults.filter((fault) => fault.from < to && fault.to > from);
    const isAlone = near.some(({ kind, from: at }) => kind === "killed" && at >= from - 100);
    return isAlone && near.every(({ kind, target }) => kind === "killed" && target.startsWith("worker"))
      ? [to - from]
      : [];
  });
}

export function report(seed: number, faults: readonly Fault[], ledger: Ledger, tally: Tally): string {
  const kinds = new Map<string, number>();
  for (const { kind, target } of faults) {
    const name = `${target.replace(/-\d+$/, "")} ${kind}`;
    kinds.set(name, (kinds.get(name) ?? 0) + 1);
  }
  const killed = recoveries(ledger.takeovers, faults);
  const lines = [
    `faults             ${faults.length}: ${[...kinds].map(([name, count]) => `${name} ${count}`).join(", ")}`,
    `tasks acknowledged ${tally.acknowledged} (${tally.cancelled} cancelled, ${tally.deleted} deleted, ${tally.exhausted} with their attempts used up)`,
    `tasks lost         ${tally.lost}`,
    `to two endings     ${tally.twoEndings}`,
    `streams judged     ${ledger.stalls.length}, over ${ledger.connections} connections and ${ledger.events} events`,
    `                   (${ledger.snapshots} snapshots, ${ledger.resets} resets, ${ledger.refusals} endings' cursors refused)`,
    `rule violations    ${ledger.violations.length}`,
    `longest stall      p50 ${seconds(percentile(ledger.stalls, 0.5))}, p99 ${seconds(percentile(ledger.stalls, 0.99))}, worst ${seconds(percentile(ledger.stalls, 1))}`,
    `recovery           of ${killed.length} streams from a worker's kill alone: p50 ${seconds(percentile(killed, 0.5))}, p99 ${seconds(percentile(killed, 0.99))}`,
    `to repeat it       make chaos SEED=${seed}`,
  ];
  return lines.join("\n");
}
