import { subscribe } from "node:diagnostics_channel";
import { IncomingMessage, ServerResponse } from "node:http";

const AWAY = { type: "about:blank", title: "A part that this needs is away", status: 502, code: "unavailable" };

/**
 * Corrects what Next says about a call that proxy.ts forwards, in the server's own process because nothing in Next can:
 * every answer names the API's address, and an API that is away is a bare 500.
 */
export function correctForwarded(): void {
  subscribe("http.server.request.start", (message) => {
    const { request, response } = Object(message);
    if (request instanceof IncomingMessage && response instanceof ServerResponse && isForwarded(request.url))
      correct(request, response);
  });
}

const isForwarded = (url = ""): boolean => /^\/(api|ws)\//.test(url);

/** What the API itself answers has a content type, whatever its status. */
function correct(request: IncomingMessage, response: ServerResponse): void {
  const id = String(request.headers["x-request-id"] ?? "");
  const body = JSON.stringify({ ...AWAY, detail: `${AWAY.title}. Try again in a moment.`, request_id: id });
  const setHeader = response.setHeader.bind(response);
  const writeHead = response.writeHead.bind(response);
  const end = response.end.bind(response);
  let away = false;
  response.setHeader = (name, value) =>
    name.toLowerCase() === "x-middleware-rewrite" ? response : setHeader(name, value);
  response.writeHead = (...given: unknown[]) => {
    away = given[0] === 500 && given.length === 1 && !response.hasHeader("content-type");
    if (!away) return Reflect.apply(writeHead, response, given);
    response.setHeader("content-type", "application/problem+json");
    response.setHeader("cache-control", "no-store");
    response.setHeader("retry-after", "2");
    response.setHeader("content-length", Buffer.byteLength(body));
    return Reflect.apply(writeHead, response, [AWAY.status]);
  };
  response.end = (...given: unknown[]) => {
    if (response.statusCode === 500 && !response.headersSent) response.writeHead(response.statusCode);
    return Reflect.apply(end, response, away ? [body] : given);
  };
}
