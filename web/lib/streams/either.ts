/** One stream by the way that gets through: a request of its own while the browser has room, else the shared socket. */
import { hasSlots, takeSlot } from "./slots";
import type { StreamState } from "./state";

/** Opens one way and returns what closes it. `before` so many connections have failed: it waits before its first. */
type Way = (before: number, changed: (state: StreamState) => void) => () => void;

export interface Ways {
  sse: Way;
  socket: Way;
}

/** So many connections in a row without progress before the other way is tried. */
const TRIES = 3;

/** Keeps the stream open by either way until the returned function is called; after that nothing is told. */
export function openEither(ways: Ways, changed: (state: StreamState) => void): () => void {
  const closing = new AbortController();
  const release = () => closing.abort();
  void keepOpen(ways, changed, closing.signal).finally(release);
  return release;
}

async function keepOpen(ways: Ways, changed: (state: StreamState) => void, closed: AbortSignal): Promise<void> {
  let slot = false;
  let failures: number | null = 0;
  let name: keyof Ways = hasSlots() ? "socket" : "sse";
  while (failures !== null) {
    slot ||= await takeSlot(closed);
    if (closed.aborted) return;
    name = slot && name === "socket" ? "sse" : "socket";
    failures = await follow(ways[name], { before: failures, hasOther: slot }, changed, closed);
  }
}

/** Resolves when the way has failed often enough, to all failures so far; to null when there is nothing left to try. */
function follow(
  way: Way,
  { before, hasOther }: { before: number; hasOther: boolean },
  changed: (state: StreamState) => void,
  closed: AbortSignal,
): Promise<number | null> {
  return new Promise((resolve) => {
    let tries = 0;
    const end = (failures: number | null) => {
      close();
      closed.removeEventListener("abort", stop);
      resolve(failures);
    };
    const stop = () => end(null);
    closed.addEventListener("abort", stop);
    const close = way(before, (state) => {
      // Another way is no new beginning: the page goes on saying that it reconnects.
      if (state.name === "connecting" && before > 0) return;
      if (state.name !== "reconnecting") {
        changed(state);
        if (state.name === "ended" || state.name === "refused") stop();
        return;
      }
      if (state.failures === 0) before = tries = 0;
      else tries++;
      const failures = before + state.failures;
      changed({ ...state, failures });
      if (tries >= TRIES || (hasOther && state.isLong)) end(failures);
    });
  });
}
