// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";

import { api } from "./browser";
import { unwrap } from "./problem";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A network that never answers, and a clock that has run out. */
function silence() {
  vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort(new DOMException("late", "TimeoutError")));
  vi.stubGlobal(
    "fetch",
    (_: Request, { signal }: RequestInit = {}) =>
      new Promise((_resolve, reject) => {
        if (signal?.aborted) reject(signal.reason);
      }),
  );
}

test("a question that isn't answered fails, so that it can be asked again", async () => {
  silence();

  await expect(unwrap(api.GET("/api/v1/me"))).rejects.toMatchObject({ status: 0, code: "unreachable" });
});

test("what changes something is waited for, however long it takes", async () => {
  silence();
  const answer = vi.fn<() => void>();

  void unwrap(api.POST("/api/v1/auth/logout")).then(answer, answer);
  await new Promise((resolve) => setTimeout(resolve, 20));

  expect(answer).not.toHaveBeenCalled();
});

test("a call whose token has run out is sent once more, its body too", async () => {
  const bodies: string[] = [];
  vi.stubGlobal("fetch", async (request: Request | string) => {
    if (typeof request === "string") return new Response(null, { status: 204 });
    bodies.push(await request.text());
    const refusal = { title: "t", status: 401, detail: "d", code: "unauthenticated", request_id: "r" };
    return bodies.length === 1 ? Response.json(refusal, { status: 401 }) : Response.json({ id: "1" }, { status: 202 });
  });

  const body = { kind: "project_plan", prompt: "A plan" } as const;
  const { data } = await api.POST("/api/v1/tasks", { body });

  expect(data).toMatchObject({ id: "1" });
  expect(bodies).toEqual([JSON.stringify(body), JSON.stringify(body)]);
});
