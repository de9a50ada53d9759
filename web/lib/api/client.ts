/**
 * openapi-fetch's typed client, of which pages use a fifth: this is that fifth, with its types. Every page loads it.
 * What it asks for and gives is tested against the whole.
 */
import type { Client } from "openapi-fetch";

type Values = Record<string, string | number | boolean | null | undefined>;

interface Asked extends Omit<RequestInit, "body"> {
  params?: { path?: Values; query?: Values; header?: Values };
  body?: unknown;
  parseAs?: "json" | "blob" | "stream";
}

interface Base extends RequestInit {
  /** Before every path. */
  baseUrl: string;
  fetch: (request: Request) => Promise<Response>;
}

/** Each method resolves to `data` (undefined for a 204) or `error`, with the `response`; it throws what `fetch` throws. */
export function newClient<Paths extends object>({ baseUrl, fetch, ...base }: Base) {
  const by =
    (method: string) =>
    async (path: string, { params = {}, body, headers, parseAs = "json", ...init }: Asked = {}) => {
      const all = new Headers(base.headers);
      if (body !== undefined && !all.has("content-type")) all.set("content-type", "application/json");
      for (const [name, value] of new Headers(headers)) all.set(name, value);
      for (const [name, value] of given(params.header)) all.set(name, value);
      const address = baseUrl.replace(/\/$/, "") + filled(path, params.path) + question(params.query);
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(new Request(address, { ...base, ...init, ...sent, method, headers: all }));
      return answerOf(response, parseAs);
    };
  // Its types are openapi-fetch's; that it does as they say is the test's to show.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { GET: by("GET"), POST: by("POST"), PATCH: by("PATCH"), DELETE: by("DELETE") } as unknown as Pick<
    Client<Paths>,
    "GET" | "POST" | "PATCH" | "DELETE"
  >;
}

const given = (values: Values = {}): [string, string][] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );

function filled(path: string, values: Values = {}): string {
  return path.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? encodeURIComponent(String(values[name])) : whole,
  );
}

function question(values?: Values): string {
  const pairs = given(values).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

async function answerOf(response: Response, parseAs: NonNullable<Asked["parseAs"]>): Promise<unknown> {
  if (response.ok && parseAs === "stream") return { data: response.body, response };
  if (response.ok && parseAs === "blob") return { data: await response.blob(), response };
  const text = await response.text();
  if (response.ok) return { data: text === "" ? undefined : (JSON.parse(text) as unknown), response };
  return { error: parsed(text), response };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
