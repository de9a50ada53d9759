/** A client without a browser: the API over plain HTTP, byte by byte. */
import type { Task } from "./member.ts";
import { fromSite, newcomer } from "./member.ts";
import type { Frame } from "./rules.ts";

/** The longest silence that the contract allows, and a second for the machine. */
const SILENCE_MS = 11_000;

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
    client.#cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; ");
    return client;
  }

  fetch(path: string, { headers = {}, ...init }: Request = {}): Promise<Response> {
    const json = init.body ? { "content-type": "application/json" } : {};
    return fetch(this.#base + path, { ...init, headers: { ...fromSite, cookie: this.#cookie, ...json, ...headers } });
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
    let retry: number | null = null;
    const frames = parse(response.body, cut, (ms) => (retry = ms));
    return { response, frames, retry: () => retry };
  }
}

/** Server-sent events as our server writes them: fields and blank lines, `\n` alone. */
async function* parse(
  body: Response["body"],
  cut: AbortController,
  onRetry: (ms: number) => void,
): AsyncGenerator<Frame, void> {
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let frame: Frame = { event: null, id: null, data: [] };
  try {
    for (;;) {
      const timer = setTimeout(() => cut.abort(new Error(`Silence of ${SILENCE_MS} ms`)), SILENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const [, field, value] = /^([a-z]*): ?(.*)$/s.exec(line) ?? [];
        if (line === "") {
          if (frame.data.length > 0) yield frame;
          frame = { event: null, id: null, data: [] };
        } else if (field === "event" || field === "id") frame[field] = value!;
        else if (field === "data") frame.data.push(value!);
        else if (field === "retry") onRetry(Number(value));
        else if (field !== "") throw new Error(`A line that is no field: ${line}`);
      }
    }
  } finally {
    cut.abort();
  }
}
