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
