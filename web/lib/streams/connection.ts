/** One connection of a WebSocket, from its handshake to its end, however silent that is. */
import { type ServerMessage, parseServerMessage } from "./parse";
import type { Timing } from "./timing";
import type { Wake } from "./wake";

export interface Lost {
  /** The server's reason; 0 when it gave none. */
  code: number;
  /** The handshake came through. */
  opened: boolean;
  /** It brought more than a greeting. */
  progress: boolean;
}

interface ConnectionOptions {
  url: string;
  /** Gets every message in order; true for progress. */
  hear: (message: ServerMessage, socket: WebSocket) => boolean;
  timing: Timing;
  wake: Wake;
}

/** Resolves when the connection is over; then nothing is heard any more. */
export function connect({ url, hear, timing, wake }: ConnectionOptions, closed: AbortSignal): Promise<Lost> {
  return new Promise((resolve) => {
    const lost: Lost = { code: 0, opened: false, progress: false };
    const socket = new WebSocket(url);
    let { heartbeat, stall } = timing;
    let lastWord = performance.now();
    const silence = () => performance.now() - lastWord;
    const over = new AbortController();
    const { signal } = over;
    const end = (code: number) => {
      clearInterval(watchdog);
      unwatch();
      // A dead network answers no closing handshake: nobody waits for it, and nobody listens any more.
      over.abort();
      socket.close();
      resolve({ ...lost, code });
    };
    const cut = () => end(0);
    const watchdog = setInterval(() => {
      if (silence() > stall) cut();
    }, stall / 4);
    // After a sleep of the machine or a change of network a dead connection looks like a silent one.
    const unwatch = wake.watch((reason) => {
      if (reason === "offline" || silence() > heartbeat) cut();
    });
    closed.addEventListener("abort", cut, { signal });
    socket.addEventListener("open", () => (lost.opened = true), { signal });
    socket.addEventListener("close", ({ code }) => end(code), { signal });
    const receive = ({ data }: MessageEvent) => {
      lastWord = performance.now();
      let message;
      try {
        message = parseServerMessage(String(data));
      } catch {
        // Whose it was can't be known: every topic begins again where it is. It may come again, whatever came before it.
        lost.progress = false;
        return cut();
      }
      if (message?.type === "welcome") {
        heartbeat = message.heartbeat_seconds * 1000;
        stall = 2 * heartbeat;
      }
      if (message && hear(message, socket)) lost.progress = true;
    };
    socket.addEventListener("message", receive, { signal });
  });
}
