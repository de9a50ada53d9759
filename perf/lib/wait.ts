import { setTimeout as sleep } from "node:timers/promises";

import { Sentence } from "../../scripts/lib/errors.ts";

const PATIENCE = 30_000;

export const seconds = (count: number): Promise<void> => sleep(count * 1_000);

/** Waits for a condition; throws a sentence when it doesn't come true. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean, pause = 20): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!(await holds())) {
    if (performance.now() > end) throw new Sentence(`In vain waited for: ${what}.`);
    await sleep(pause);
  }
}
