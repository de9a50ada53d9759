// What stands behind nginx in its tests: says what it was asked, and does what the path tells it. Runs in a container
// of its own, so it imports nothing of ours.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

const name = process.env["STUB_NAME"] ?? "stub";
const asked: Record<string, number> = {};
let closedStreams = 0;

const OWN = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'",
  "x-powered-by": "stub",
  server: "stub",
};

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://stub");
  const key = `${request.method} ${url.pathname}`;
  asked[key] = (asked[key] ?? 0) + 1;
  for (const [header, value] of Object.entries(OWN)) response.setHeader(header, value);
  response.setHeader("x-request-id", request.headers["x-request-id"] ?? "none");
  if (url.pathname.endsWith("/stream")) return stream(url, response);
  if (url.pathname.endsWith("/drop")) return void request.socket.destroy();
  if (url.pathname.endsWith("/hang")) return;
  if (url.pathname.endsWith("/asked")) return json(response, { name, asked, closedStreams });
  if (url.pathname.endsWith("/inside")) response.setHeader("x-accel-redirect", "/_slipstream/error.html");
  if (url.pathname.endsWith("/problem")) response.statusCode = 503;
  if (url.pathname.endsWith("/large")) return json(response, { large: "slipstream ".repeat(1000) });
  if (url.pathname === "/") asItSays(url, response);
  if (url.searchParams.has("slowly")) return void setTimeout(() => echo(request, response), 100);
  echo(request, response);
});

function echo(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  request.on("data", (chunk: Buffer) => (bytes += chunk.length));
  request.on("end", () => {
    const { method, url, headers } = request;
    json(response, { name, method, url, headers, peer: request.socket.remoteAddress, bytes });
  });
}

/** `/?status=500&x-accel-expires=1`: what the query names is how the answer is. */
function asItSays({ searchParams }: URL, response: ServerResponse): void {
  for (const [header, value] of searchParams)
    if (header === "status") response.statusCode = Number(value);
    else response.setHeader(header, value);
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}

/** Ten events, 100 ms apart; `?flood` never stops. Nothing in the headers asks nginx for anything. */
function stream(url: URL, response: ServerResponse): void {
  response.setHeader("content-type", "text/event-stream");
  if (url.searchParams.has("says")) response.setHeader("x-accel-buffering", "no");
  response.flushHeaders();
  response.once("close", () => (closedStreams += 1));
  if (url.searchParams.has("flood")) {
    const more = () => {
      while (response.writable && response.write(`data: ${"x".repeat(16_000)}\n\n`));
      response.once("drain", more);
    };
    return more();
  }
  let sent = 0;
  const timer = setInterval(() => {
    response.write(`data: ${Date.now()}\n\n`);
    if (++sent < 10) return;
    clearInterval(timer);
    response.end();
  }, 100);
  response.once("close", () => clearInterval(timer));
}

server.on("upgrade", (request, socket) => {
  const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${guid}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const text = Buffer.from(JSON.stringify({ name, url: request.url, upgrade: request.headers.upgrade }));
  socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]));
  socket.on("error", () => socket.destroy());
});

server.keepAliveTimeout = 75_000;
server.listen(8000, "0.0.0.0", () => console.log("ready"));
process.on("SIGTERM", () => process.exit(0));
