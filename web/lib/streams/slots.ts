/** How many tabs of one browser may hold a request open: over HTTP/1.1 a seventh request to a host waits for ever. */
const SLOTS = 4;

/**
 * Takes one of the browser's places for a stream until `closed` aborts; false when all are taken. A lock is exact over
 * all tabs, and a tab that crashes gives its own back.
 */
export async function takeSlot(closed: AbortSignal): Promise<boolean> {
  // Plain http on another host's name has no locks: then nobody counts, and the socket is asked first.
  if (!hasSlots()) return true;
  for (let number = 1; number <= SLOTS; number++) if (await take(`stream-${number}`, closed)) return true;
  return false;
}

export const hasSlots = (): boolean => "locks" in navigator;

function take(name: string, closed: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const hold = (lock: Lock | null) => {
      const taken = lock !== null && !closed.aborted;
      resolve(taken);
      return taken ? new Promise<void>((free) => closed.addEventListener("abort", () => free())) : undefined;
    };
    navigator.locks.request(name, { ifAvailable: true }, hold).catch(() => resolve(false));
  });
}
