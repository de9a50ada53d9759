import createClient from "openapi-fetch";

import type { paths } from "./schema";

/** On a connection that died without a word a browser waits for minutes, and all who ask the same with it. */
const PATIENCE_MS = 15_000;

function ask(request: Request): Promise<Response> {
  if (request.method !== "GET") return fetch(request);
  return fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]) });
}

/** The API for the browser: always on the page's own origin. */
export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin", fetch: ask });
