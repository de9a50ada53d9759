/** A client without a browser: the API over plain HTTP, byte by byte. */
import { type Frame, FrameParser } from "../../web/lib/streams/frames.ts";
import { LONGEST_SILENCE } from "../../web/lib/streams/silence.ts";
import type { Task } from "./member.ts";
import { fromSite, newcomer } from "./member.ts";

/** A second more for the machine. */
const SILENCE_MS = LONGEST_SILENCE + 1_000;

export interface Stream {
  response: Response;
  /** The frames until the server closes; leaving the loop closes the connection. */
  frames: AsyncGenerator<Frame, void>;
  /** The last `retry:` that was seen. */
  retry: () => number | null;
}

type Request = Omit<RequestInit, "headers"> & { headers?: Record<string, string> };

export class WireClient {
  readonly #base: string;
  #cookie = "";

  private constructor(base: string) {
    this.#base = base;
  }

  static async register(base: string): Promise<WireClient> {
    const client = new WireClient(base);
    const response = await client.fetch("/api/v1/auth/register", { method: "POST", body: JSON.stringify(newcomer()) });
    if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
    client.#keep(response);
    return client;
  }

  /** Keeps the cookies, and has them renewed at half of the access token's time. */
  #keep(response: Response): void {
    const cookies = response.headers.getSetCookie();
    this.#cookie = cookies.map((cookie) => cookie.split(";")[0]).join("; ");
    const ages = cookies.map((cookie) => Number(/Max-Age=(\d+)/i.exec(cookie)?.[1]));
    setTimeout(() => void this.#renew(), Math.min(...ages) * 500).unref();
  }

  async #renew(): Promise<void> {
    const renewed = await this.fetch("/api/v1/auth/refresh", { method: "POST" }).catch(() => null);
    if (renewed?.status === 204) this.#keep(renewed);
  }

  /** Who asks, and from where: for a client of another protocol. */
  get headers(): Record<string, string> {
    return { ...fromSite, cookie: this.#cookie };
  }

  fetch(path: string, { headers = {}, ...init }: Request = {}): Promise<Response> {
    const json = init.body ? { "content-type": "application/json" } : {};
    return fetch(this.#base + path, { ...init, headers: { ...this.headers, ...json, ...headers } });
  }

  async create(prompt: string): Promise<Task> {
    const response = await this.fetch("/api/v1/tasks", {
      method: "POST",
      body: JSON.stringify({ kind: "project_plan", prompt }),
    });
    if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
    return response.json();
  }

  async task(id: string): Promise<Task> {
    return (await this.fetch(`/api/v1/tasks/${id}`)).json();
  }

  async stream(id: string, cursor: string | null, query = ""): Promise<Stream> {
    const cut = new AbortController();
    const response = await this.fetch(`/api/v1/tasks/${id}/stream${query}`, {
      headers: { accept: "text/event-stream", ...(cursor === null ? {} : { "last-event-id": cursor }) },
      signal: cut.signal,
    });
    const parser = new FrameParser();
    return { response, frames: read(response.body, cut, parser), retry: () => parser.retry };
  }
}

/** The frames of a body; a silence longer than the contract's cuts it. */
async function* read(body: Response["body"], cut: AbortController, parser: FrameParser): AsyncGenerator<Frame, void> {
  if (!body) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const timer = setTimeout(() => cut.abort(new Error(`Silence of ${SILENCE_MS} ms`)), SILENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      yield* parser.feed(value);
    }
  } finally {
    cut.abort();
  }
}
