/** When a page comes back, by the network or by the visitor's eye: the moment to look at a connection again. */
export type WakeReason = "online" | "offline" | "visible";

export interface Wake {
  /** Calls back for each reason until the returned function is called. */
  watch: (callback: (reason: WakeReason) => void) => () => void;
  /** Ends after `ms`, earlier when there is a reason to try again or when `signal` aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

function watch(callback: (reason: WakeReason) => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  window.addEventListener("online", () => callback("online"), { signal });
  window.addEventListener("offline", () => callback("offline"), { signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") callback("visible");
    },
    { signal },
  );
  return () => listening.abort();
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      unwatch();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    const unwatch = watch((reason) => {
      if (reason !== "offline") end();
    });
    signal.addEventListener("abort", end);
  });
}

export const browserWake: Wake = { watch, sleep };
