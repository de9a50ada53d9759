import { openEither } from "@/lib/streams/either";
import { subscribe } from "@/lib/streams/lazy-socket";
import { isFeedEvent } from "@/lib/streams/parse";
import { gap } from "@/lib/streams/reduce";
import { openSse } from "@/lib/streams/sse";
import type { StreamState, Verdict } from "@/lib/streams/state";

import { type Received, read } from "./take";

export interface TaskStreamOptions {
  id: string;
  cursor: () => string | null;
  receive: (received: readonly Received[]) => Verdict;
  changed: (state: StreamState) => void;
}

/** A task's events, by a request of their own or by the page's socket; the same to whoever gets them. */
export function openTaskStream({ id, cursor, receive, changed: tell }: TaskStreamOptions): () => void {
  return openEither(
    {
      sse: (before, changed) =>
        openSse({
          url: `/api/v1/tasks/${id}/stream`,
          cursor,
          receive: (frames) => receive(frames.map(read)),
          changed,
          before,
        }),
      socket: (_, changed) =>
        subscribe({
          topic: `task:${id}`,
          cursor,
          receive: (event, at) => receive([{ event: isFeedEvent(event) ? gap : event, cursor: at }]),
          changed,
        }),
    },
    tell,
  );
}
