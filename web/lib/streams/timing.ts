/** How long a stream waits for what, in milliseconds. */
export interface Timing {
  /** The longest that a healthy server is silent. */
  heartbeat: number;
  /** Silence after which a connection counts as dead: two heartbeats. */
  stall: number;
  /** The first wait before connecting again; doubled each time without progress … */
  firstWait: number;
  /** … up to this. */
  longestWait: number;
}

export const defaultTiming: Timing = { heartbeat: 10_000, stall: 20_000, firstWait: 300, longestWait: 5_000 };

/** The wait before the next connection, spread so that a thousand readers of one dead server don't return as one. */
export function backoff(failures: number, { firstWait, longestWait }: Timing): number {
  const ceiling = Math.min(longestWait, firstWait * 2 ** Math.min(failures, 16));
  return ceiling * (0.5 + Math.random() / 2);
}
