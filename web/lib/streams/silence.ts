/** How long a connection may say nothing. */
import { must } from "./must.ts";

/** In milliseconds: a heartbeat comes at the latest. */
export const LONGEST_SILENCE = 10_000;

/** Throws when this was too long a silence; `grace` is what the machine itself took, in milliseconds. */
export function judgeSilence(ms: number, grace = 1_000): void {
  must(
    ms <= LONGEST_SILENCE + grace,
    `a heartbeat comes within 10 s of silence, not after ${(ms / 1000).toFixed(1)} s`,
  );
}
