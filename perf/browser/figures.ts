// The web's own figures, from what was noted of a page.
import type { Seen } from "./recorder.ts";

const WINDOW_MS = 5_000;
const PAUSE_MS = 1_000;

/** Cumulative layout shift: the worst window of shifts that are less than 1 s apart, 5 s at most. */
export function shiftOf(shifts: Seen["shifts"]): number {
  let worst = 0;
  let sum = 0;
  let begun = -Infinity;
  let last = -Infinity;
  for (const { at, value } of shifts) {
    if (at - last > PAUSE_MS || at - begun > WINDOW_MS) [sum, begun] = [0, at];
    last = at;
    sum += value;
    worst = Math.max(worst, sum);
  }
  return worst;
}

const LONG_MS = 50;

/** Total blocking time: what tasks took beyond 50 ms, in milliseconds, since anything was on the screen. */
export function blockedOf({ blocks, first }: Seen): number {
  return blocks
    .filter(({ at, for: length }) => at + length > first)
    .reduce((sum, { at, for: length }) => sum + Math.max(0, at + length - Math.max(at, first) - LONG_MS), 0);
}
