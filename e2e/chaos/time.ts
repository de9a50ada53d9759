/** Waiting. */
import { setTimeout as sleep } from "node:timers/promises";

export { sleep };

/** Asks until the answer is yes; false when the time is over. */
export async function until(yes: () => boolean | Promise<boolean>, within: number): Promise<boolean> {
  const end = performance.now() + within;
  while (!(await yes())) {
    if (performance.now() > end) return false;
    await sleep(100);
  }
  return true;
}

/** How long this process itself was kept from running since `from`: what it would else blame on the server. */
export class OwnLag {
  readonly #late: { at: number; ms: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor() {
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      if (now - last > 300) this.#late.push({ at: now, ms: now - last - 100 });
      last = now;
    }, 100);
    this.#timer.unref();
  }

  since(from: number): number {
    return this.#late.reduce((sum, { at, ms }) => (at > from ? sum + ms : sum), 0);
  }
}
