/** One event stream that is kept open, whatever happens between here and the server. Knows no feature. */
import { authorised } from "../session/authorised";
import { type Heard, eventReader } from "./events";
import type { StreamState, Verdict } from "./state";
import { type Timing, backoff, defaultTiming } from "./timing";
import { type Wake, browserWake } from "./wake";

export type Frame = Heard;

export interface SseOptions {
  url: string;
  /** Where to go on; asked before every connection. */
  cursor: () => string | null;
  /** Gets what one read brought, at once, so that a replay is one render. */
  receive: (frames: readonly Frame[]) => Verdict;
  changed: (state: StreamState) => void;
  /** Connections that failed before this one was asked for: it begins with the wait after them. */
  before?: number;
  timing?: Timing;
  wake?: Wake;
}

interface Lost {
  name: "lost";
  progress: boolean;
  /** What the server asked to wait. */
  retry: number;
}

type Outcome = Lost | { name: "ended" } | { name: "refused"; status: number };

/** Answers that the same request will get again. */
const FINAL = new Set([401, 403, 404]);

/** Opens the stream and returns what closes it; after that nothing is sent and nothing is called. */
export function openSse(options: SseOptions): () => void {
  const closing = new AbortController();
  void keepOpen(options, closing.signal);
  return () => closing.abort();
}

async function keepOpen(options: SseOptions, closed: AbortSignal): Promise<void> {
  let { before = 0 } = options;
  const { timing = defaultTiming, wake = browserWake } = options;
  const tell = (state: StreamState) => {
    if (!closed.aborted) options.changed(state);
  };
  // Strict mode mounts, unmounts and mounts again: the first one is closed before it has sent anything.
  await Promise.resolve();
  tell({ name: "connecting" });
  let failures = 0;
  if (before > 0) await wake.sleep(backoff(before, timing), closed);
  while (!closed.aborted) {
    const outcome = await connect({ ...options, timing, wake }, closed, tell);
    if (outcome.name !== "lost") return tell(outcome);
    failures = outcome.progress ? 0 : failures + 1;
    if (outcome.progress) before = 0;
    tell({ name: "reconnecting", failures });
    await wake.sleep(Math.max(outcome.retry, backoff(before + failures, timing)), closed);
  }
}

async function connect(
  options: Required<Omit<SseOptions, "before">>,
  closed: AbortSignal,
  tell: (state: StreamState) => void,
): Promise<Outcome> {
  const { url, timing, wake } = options;
  const lost: Lost = { name: "lost", progress: false, retry: 0 };
  const cut = new AbortController();
  let lastByte = performance.now();
  // One clock for a server that never answers and for one that stops talking.
  const watchdog = setInterval(() => {
    if (performance.now() - lastByte > timing.stall) cut.abort();
  }, timing.stall / 4);
  // After a sleep of the machine or a change of network a dead connection looks like a silent one.
  const unwatch = wake.watch((reason) => {
    if (reason === "offline" || performance.now() - lastByte > timing.heartbeat) cut.abort();
  });
  try {
    const cursor = options.cursor();
    const response = await authorised(() =>
      fetch(url, {
        headers: { accept: "text/event-stream", ...(cursor === null ? {} : { "last-event-id": cursor }) },
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.any([closed, cut.signal]),
      }),
    );
    if (response.status === 204) return { name: "ended" };
    if (FINAL.has(response.status)) return { name: "refused", status: response.status };
    if (!response.ok || !response.body || !isEventStream(response)) {
      await response.body?.cancel();
      return { ...lost, retry: Number(response.headers.get("retry-after") ?? 0) * 1000 || 0 };
    }
    tell({ name: "live" });

    const hear = eventReader((ms) => (lost.retry = ms));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (closed.aborted) return lost;
      lastByte = performance.now();
      const frames = hear(read.value);
      if (frames.length === 0) continue;
      const verdict = options.receive(frames);
      // A heartbeat shows that the server lives, not that the task goes on: it has no id.
      lost.progress ||= verdict === "more" && frames.some(({ id }) => id !== null);
      if (verdict !== "more") {
        cut.abort();
        return verdict === "end" ? { name: "ended" } : { ...lost, progress: false };
      }
    }
  } catch {
    // Aborted, refused or torn: all the same, the loop decides.
  } finally {
    clearInterval(watchdog);
    unwatch();
  }
  return lost;
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}
