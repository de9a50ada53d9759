import { expect, test } from "vitest";

import { ApiError, isRefused, isTransient, unwrap } from "./problem";

const body = {
  type: "about:blank",
  title: "Invalid",
  status: 422,
  detail: "The body is not valid.",
  code: "invalid_body",
  request_id: "r1",
  errors: [{ pointer: "/password", code: "too_short", message: "15 characters or more." }],
};

const refused = (status: number, error: unknown) =>
  unwrap(Promise.resolve({ error, response: new Response(null, { status, headers: { "x-request-id": "r1" } }) })).catch(
    (thrown: unknown) => thrown,
  );

test("a 2xx is its data", async () => {
  expect(await unwrap(Promise.resolve({ data: { id: 1 }, response: new Response() }))).toEqual({ id: 1 });
});

test("a 204 is nothing, and no failure", async () => {
  expect(
    await unwrap(Promise.resolve({ data: undefined, response: new Response(null, { status: 204 }) })),
  ).toBeUndefined();
});

test("a problem keeps its code, its words and its fields", async () => {
  const error = await refused(422, body);

  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 422, code: "invalid_body", message: body.detail, requestId: "r1" });
  expect(error instanceof ApiError && error.field("password")).toBe("15 characters or more.");
  expect(error instanceof ApiError && error.field("email")).toBeUndefined();
});

test.for([
  ["30", 30],
  ["Sat, 21 Nov 2026 10:00:00 GMT", null],
  ["-1", null],
  ["", null],
] as const)("Retry-After %j is a wait of %j", async ([header, wait]) => {
  const response = new Response(null, { status: 429, headers: { "retry-after": header } });

  const error = await unwrap(Promise.resolve({ error: body, response })).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ retryAfter: wait });
});

test.for([502, 503, 500])(
  "%i from something else is said to be out of reach, and worth another try",
  async (status) => {
    const error = await refused(status, "<html>Bad gateway</html>");

    expect(error).toMatchObject({ status, code: "unreachable" });
    expect(isTransient(error)).toBe(true);
  },
);

test("a network that fails is an ApiError too", async () => {
  const error = await unwrap(Promise.reject(new TypeError("fetch failed"))).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ status: 0, code: "unreachable" });
});

test("an abort stays an abort", async () => {
  const abort = new DOMException("gone", "AbortError");

  await expect(unwrap(Promise.reject(abort))).rejects.toBe(abort);
});

test("a refusal is known by a code of its operation, and by no other", () => {
  const error = new ApiError(409, "already_finished", "It is finished.");

  expect(isRefused<"cancelTask">(error, "already_finished")).toBe(true);
  expect(isRefused<"cancelTask">(error, "not_found")).toBe(false);
  expect(isRefused<"cancelTask">(new Error("already_finished"), "already_finished")).toBe(false);
  // @ts-expect-error: a code of another operation
  expect(isRefused<"cancelTask">(error, "idempotency_conflict")).toBe(false);
  // @ts-expect-error: whose refusal?
  expect(isRefused(error, "already_finished")).toBe(true);
});
