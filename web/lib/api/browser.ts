import { authorised } from "../session/authorised";
import { newClient } from "./client";
import type { paths } from "./schema";

/** On a connection that died without a word a browser waits for minutes, and all who ask the same with it. */
const PATIENCE_MS = 15_000;

function send(request: Request): Promise<Response> {
  if (request.method !== "GET") return fetch(request);
  return fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]) });
}

/** The API for the browser: always on the page's own origin, and on behalf of whoever is signed in. */
export const api = newClient<paths>({
  baseUrl: "/",
  credentials: "same-origin",
  // A body can be sent once: each time a copy of it.
  fetch: (request) => authorised(() => send(request.clone())),
});
