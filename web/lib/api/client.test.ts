import { readFileSync } from "node:fs";

import * as fc from "fast-check";
import createClient from "openapi-fetch";
import { expect, test } from "vitest";

import { newClient } from "./client";
import type { paths } from "./schema";

const BASE = { baseUrl: "http://site.test/", headers: { "x-request-id": "r-1" }, cache: "no-store" } as const;

interface Call {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  asked: object;
  answer: { status: number; body: string | null };
}

type Ask = (path: string, asked: object) => Promise<{ response: Response }>;

/** What a client sends, and what it makes of the answer. */
async function told(create: (fetch: (request: Request) => Promise<Response>) => object, call: Call) {
  let sent: unknown = null;
  const client = create(async (request) => {
    const { method, url, cache } = request;
    sent = { method, url, cache, headers: [...request.headers], body: await request.text() };
    return new Response(call.answer.body, { status: call.answer.status });
  });
  const ask: Ask = Reflect.get(client, call.method);
  const outcome = await ask(call.path, call.asked).then(
    ({ response, ...rest }) => ({ ...rest, status: response.status }),
    (error: unknown) => ({ thrown: Object(error).name }),
  );
  return { sent, outcome };
}

const text = fc.string({ unit: "grapheme" });
const value = fc.oneof(text, fc.integer(), fc.boolean());
const maybe = fc.oneof(value, fc.constantFrom(null, undefined));
const calls: fc.Arbitrary<Call> = fc.record({
  method: fc.constantFrom("GET" as const, "POST" as const, "PATCH" as const, "DELETE" as const),
  path: fc.constantFrom("/api/v1/tasks", "/api/v1/tasks/{id}", "/api/v1/tasks/{id}/cancel"),
  asked: fc
    .record({
      path: fc.record({
        id: fc.oneof(
          text.filter((each) => !/^\.{0,2}$/.test(each)),
          fc.integer(),
        ),
      }),
      query: fc.dictionary(fc.constantFrom("limit", "cursor", "status"), maybe),
      body: fc.option(fc.record({ prompt: text })),
      key: fc.option(fc.uuid()),
    })
    .map(({ path, query, body, key }) => {
      const header = key === null ? undefined : { "Idempotency-Key": key };
      return { params: { path, query, header }, body: body ?? undefined };
    }),
  answer: fc.constantFrom(
    { status: 200, body: '{"items":[]}' },
    { status: 202, body: '{"id":"1"}' },
    { status: 200, body: "" },
    { status: 204, body: null },
    { status: 404, body: '{"code":"not_found"}' },
    { status: 502, body: "<html>" },
    { status: 500, body: "" },
    { status: 200, body: "not JSON" },
  ),
});

test("it asks for and gives what openapi-fetch does", async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (call) => {
      const asked = { ...call, asked: call.method === "GET" ? { ...call.asked, body: undefined } : call.asked };

      const ours = await told((fetch) => newClient<paths>({ ...BASE, fetch }), asked);

      expect(ours).toEqual(await told((fetch) => createClient<paths>({ ...BASE, fetch }), asked));
    }),
    { numRuns: 500 },
  );
});

test("a stream and a file are left as they are", async () => {
  const client = newClient<paths>({ ...BASE, fetch: async () => new Response("abc") });

  const stream = await client.POST("/api/v1/tasks", { body: { prompt: "p", kind: "project_plan" }, parseAs: "stream" });
  const file = await client.GET("/api/v1/me/export", { parseAs: "blob" });

  expect(stream.data).toBeInstanceOf(ReadableStream);
  expect(await file.data?.text()).toBe("abc");
});

test("who gives up on a call gives up on its request", async () => {
  const giving = new AbortController();
  const client = newClient<paths>({
    ...BASE,
    fetch: ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  const answer = client.GET("/api/v1/me", { signal: giving.signal });

  giving.abort();

  await expect(answer).rejects.toMatchObject({ name: "AbortError" });
});

interface Parameter {
  name: string;
  in: string;
  schema: object;
}
interface Described {
  parameters?: Parameter[];
  requestBody?: { content: object };
}

/** What a parameter may be, of all that it is any of. */
const kindsOf = (schema: object): unknown[] => {
  const { type, anyOf = [] }: { type?: string; anyOf?: object[] } = schema;
  return [...(type === undefined ? [] : [type]), ...anyOf.flatMap(kindsOf)];
};

/** What of an operation a client needs that has only what pages use; nothing of most. */
function strangeOf(method: string, { parameters = [], requestBody }: Described): unknown[] {
  const bodies = Object.keys(requestBody?.content ?? {});
  return [
    ...[method].filter((each) => !["get", "post", "patch", "delete"].includes(each)),
    ...bodies.filter((type) => type !== "application/json"),
    ...parameters.map((parameter) => parameter.in).filter((place) => !["path", "query", "header"].includes(place)),
    ...parameters.flatMap(({ schema }) => kindsOf(schema)).filter((kind) => kind === "array" || kind === "object"),
  ];
}

test("the contract asks for nothing that it leaves out", () => {
  const { paths }: { paths: Record<string, Record<string, Described>> } = JSON.parse(
    readFileSync(new URL("../../../api/openapi.json", import.meta.url), "utf8"),
  );
  const all = Object.values(paths).flatMap((methods) => Object.entries(methods));

  expect(all.flatMap(([, { parameters = [] }]) => parameters.flatMap(({ schema }) => kindsOf(schema)))).toContain(
    "string",
  );
  expect(all.flatMap(([method, described]) => strangeOf(method, described))).toEqual([]);
});
