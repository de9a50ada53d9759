/** A design from the prompt to its ending: by the stream, or whole where that doesn't get through. Knows no page. */
import { api } from "@/lib/api/browser";
import { designEvents } from "@/lib/api/checks";
import { ApiError, unwrap } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/types";
import { eventReader } from "@/lib/streams/events";
import { frameParser } from "@/lib/streams/parse";

type DesignEvent = Schema<"DesignEvent">;

/** How the text comes. `broken`: whole, since its stream didn't get through to the end. */
export type Way = "stream" | "whole" | "broken";

export interface Told {
  way: Way;
  text: string;
}

export interface WriteOptions {
  prompt: string;
  streaming: boolean;
  signal: AbortSignal;
  /** What there is now: more text, or another way. */
  tell: (told: Told) => void;
  patience?: Patience;
}

/** How long a stream may say nothing, in milliseconds. */
interface Patience {
  /** Before its first token: the server gives up after 5 s and says so. */
  first: number;
  /** Later: two heartbeats. */
  later: number;
}

const patient: Patience = { first: 8_000, later: 20_000 };

/** The stream didn't get through, which says nothing about the design. */
class Broken extends Error {
  override readonly name = "Broken";
}

const parseDesignEvent = frameParser<DesignEvent>(designEvents);

/** Gives the whole text. Throws ApiError, also for what the stream said went wrong, and what aborting throws. */
export async function write({ prompt, streaming, signal, tell, patience = patient }: WriteOptions): Promise<string> {
  let text = "";
  if (streaming) {
    tell({ way: "stream", text });
    const more = (told: string) => tell({ way: "stream", text: (text = told) });
    try {
      return await stream(prompt, signal, more, patience);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Broken)) throw error;
    }
  }
  tell({ way: streaming ? "broken" : "whole", text });
  const design = await unwrap(api.POST("/api/design", { body: { prompt }, signal }));
  return design.text;
}

async function stream(
  prompt: string,
  stopped: AbortSignal,
  more: (text: string) => void,
  { first, later }: Patience,
): Promise<string> {
  const cut = new AbortController();
  let watchdog = setTimeout(() => cut.abort(), first);
  try {
    const body = await open(prompt, AbortSignal.any([stopped, cut.signal]));
    let text = "";
    let told = "";
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const hear = eventReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      stopped.throwIfAborted();
      for (const { name, data } of hear(read.value)) {
        const event = parseDesignEvent(name, data);
        switch (event?.type) {
          case "token":
            if (event.offset !== text.length) throw new Broken();
            text += event.text;
            break;
          case "done":
            if (event.text_length !== text.length) throw new Broken();
            return text;
          case "error":
            // The server that was asked leaves: another one answers.
            if (event.code === "unavailable") throw new Broken();
            throw new ApiError(200, event.code, event.detail);
          case "heartbeat":
          case undefined:
        }
      }
      if (text !== told) more((told = text));
      if (text === "") continue;
      clearTimeout(watchdog);
      watchdog = setTimeout(() => cut.abort(), later);
    }
    throw new Broken();
  } catch (error) {
    throw error instanceof ApiError ? error : new Broken();
  } finally {
    clearTimeout(watchdog);
    // Whatever ended it: nobody reads, so nobody shall write.
    cut.abort();
  }
}

/** The stream's body. Throws Broken for what the same request by the other way may not meet, else ApiError. */
async function open(prompt: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  try {
    const body = await unwrap(
      api.POST("/api/design/stream", {
        body: { prompt },
        headers: { accept: "text/event-stream" },
        parseAs: "stream",
        cache: "no-store",
        signal,
      }),
    );
    if (body) return body;
  } catch (error) {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.code !== "unknown") throw error;
  }
  throw new Broken();
}
