/** What the tests of this folder share: an API whose answers the test writes. */
import { vi } from "vitest";

import { newClient } from "@/lib/api/client";
import { fixtures } from "@/lib/api/fixtures";
import type { paths } from "@/lib/api/schema";

/** The browser's client, which has an origin here and finds the fetch of the moment. */
export const api = newClient<paths>({ baseUrl: "http://site.test", fetch: (request) => fetch(request) });

type Answer = (signal: AbortSignal) => Response | Promise<Response>;

export interface Call {
  path: string;
  prompt: unknown;
  signal: AbortSignal;
}

/** Answers the stream's and the plain call's requests in turn, and tells them. */
export function fakeApi(answers: { stream?: Answer; whole?: Answer }): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    const body: unknown = await request.json();
    calls.push({
      path: pathname,
      prompt: typeof body === "object" && body && Reflect.get(body, "prompt"),
      signal: request.signal,
    });
    const answer = pathname.endsWith("/stream") ? answers.stream : answers.whole;
    if (!answer) throw new Error(`${pathname} was not to be called`);
    return answer(request.signal);
  });
  return calls;
}

const encoder = new TextEncoder();

export const frame = (event: Readonly<Record<string, unknown>>) =>
  encoder.encode(`event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`);

export const token = (offset: number, text: string) => frame({ ...fixtures.Token, offset, text });
export const done = (text_length: number) => frame({ ...fixtures.DesignDone, text_length });
export const failure = (code: string) => frame({ ...fixtures.DesignError, code });
export const heartbeat = frame(fixtures.Heartbeat);

/** A stream of these pieces; it ends after them, or stays open until it is aborted. */
export function streamOf(pieces: readonly Uint8Array[], { open = false } = {}): Answer {
  return (signal) =>
    new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of pieces) controller.enqueue(piece);
          if (open) signal.addEventListener("abort", () => controller.error(signal.reason));
          else controller.close();
        },
      }),
      { headers: { "content-type": "text/event-stream" } },
    );
}

export const whole =
  (text: string): Answer =>
  () =>
    Response.json({ ...fixtures.Design, text });

export const refused =
  (status: number, code: string): Answer =>
  () =>
    Response.json({ ...fixtures.ProblemDetails, status, code }, { status });
