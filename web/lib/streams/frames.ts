/** Server-sent events as our server writes them, strictly: for clients that judge it. A browser forgives more. */
import { must } from "./must.ts";

/** One frame as it came over the wire. */
export interface Frame {
  event: string | null;
  id: string | null;
  data: string[];
}

const none = (): Frame => ({ event: null, id: null, data: [] });

/** Takes bytes as they come, cut anywhere. */
export class FrameParser {
  /** The last `retry:`, in milliseconds. */
  retry: number | null = null;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #rest = "";
  #frame = none();

  /** The frames that these bytes complete. Throws BrokenRule on what our server doesn't write. */
  feed(bytes: Uint8Array): Frame[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#take(line) ?? []);
  }

  #take(line: string): Frame | null {
    if (line === "") {
      const frame = this.#frame;
      this.#frame = none();
      return frame.data.length > 0 ? frame : null;
    }
    const [, field, value = ""] = /^(event|id|data|retry|): ?(.*)$/s.exec(line) ?? [];
    must(field !== undefined, `a line is a field or a comment: ${line}`);
    if (field === "event" || field === "id") this.#frame[field] = value;
    else if (field === "data") this.#frame.data.push(value);
    else if (field === "retry") this.retry = Number(value);
    return null;
  }
}
