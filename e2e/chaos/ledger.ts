/** What the run has seen: broken rules with what came before them, and how long anybody had to wait. */
export interface Violation {
  who: string;
  rule: string;
  /** What the reader saw last. */
  before: string[];
}

export class Ledger {
  readonly violations: Violation[] = [];
  /** For each stream that was judged to its end: its longest wait for the next event, in milliseconds. */
  readonly stalls: number[] = [];
  /** Silences that ended with another attempt: when they began and ended. */
  readonly takeovers: { from: number; to: number }[] = [];
  connections = 0;
  events = 0;
  resets = 0;
  snapshots = 0;
  /** Cursors of endings that got their 204. */
  refusals = 0;

  violation(who: string, rule: string, before: string[] = []): void {
    this.violations.push({ who, rule, before: [...before] });
    console.log(`  VIOLATION ${who}: ${rule}\n      ${before.join("\n      ")}`);
  }
}

/** The value that `part` of them do not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
