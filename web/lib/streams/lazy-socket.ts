import type { Reader } from "./socket";

const RETRY_MS = 1_000;

/** Reads a topic from the page's socket, whose code is fetched by then: a stream by a request needs none of it. */
export function subscribe(reader: Reader): () => void {
  let close = () => clearTimeout(timer);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let isClosed = false;
  const open = async () => {
    const socket = await import("./page-socket").then(({ pageSocket }) => pageSocket).catch(() => null);
    if (isClosed) return;
    if (socket) {
      close = socket.subscribe(reader);
      return;
    }
    reader.changed({ name: "reconnecting", failures: ++failures });
    timer = setTimeout(() => void open(), RETRY_MS);
  };
  void open();
  return () => {
    isClosed = true;
    close();
  };
}
