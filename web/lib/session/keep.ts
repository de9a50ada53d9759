/** Renews the session's token before it runs out, while somebody may be looking. */
import { type Wake, browserWake } from "../streams/wake";
import { tellOver } from "./over";
import { renew } from "./renewal";
import type { Life } from "./token";

/** The part of a token's life after which it is renewed, spread so that tabs don't come as one. */
const EARLIEST = 0.7;
const SPREAD = 0.1;
/** Not more often, however short a token's life seems: the page's clock and the server's may differ. */
const SHORTEST_MS = 10_000;
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** What a timer can take; ends by the network or by the visitor coming back. */
const UNTIL_BACK_MS = 2 ** 31 - 1;

/** Keeps it until the returned function is called, or the session is over. */
export function keepSession({ left, whole }: Life, wake: Wake = browserWake): () => void {
  const closing = new AbortController();
  void keep(Date.now() + left - whole, whole, wake, closing.signal);
  return () => closing.abort();
}

async function keep(begun: number, whole: number, wake: Wake, closed: AbortSignal): Promise<void> {
  const dueAfter = (from: number) =>
    Math.max(from + whole * (EARLIEST + Math.random() * SPREAD), Date.now() + SHORTEST_MS);
  let from = begun;
  let due = from + whole * (EARLIEST + Math.random() * SPREAD);
  let failures = 0;
  while (!closed.aborted) {
    // A page that nobody sees asks nothing of the API, so that it needs no token until somebody comes back.
    if (isAway()) await wake.sleep(UNTIL_BACK_MS, closed);
    else if (Date.now() < due) await wake.sleep(Math.min(due - Date.now(), UNTIL_BACK_MS), closed);
    else {
      const renewal = await renew(from);
      if (closed.aborted) return;
      if (renewal.name === "over") return tellOver();
      if (renewal.name === "renewed") {
        failures = 0;
        due = dueAfter((from = renewal.at));
      } else due = Date.now() + Math.min(RETRY_MS * 2 ** failures++, LONGEST_RETRY_MS) * (0.5 + Math.random() / 2);
    }
  }
}

const isAway = (): boolean => document.visibilityState === "hidden" || !navigator.onLine;
