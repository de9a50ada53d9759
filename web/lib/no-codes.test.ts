import { expect, test, vi } from "vitest";

import { logNoQueries } from "./no-codes";

test("an address that can't be forwarded to is logged without its query, everything else as it is", () => {
  const error = vi.fn<(...said: unknown[]) => void>();
  const log = { error };
  logNoQueries(log);
  const cause = new Error("connect ECONNREFUSED");

  log.error("Failed to proxy http://127.0.0.1:8000/api/v1/auth/oidc/callback?code=secret&state=x\ny", cause);
  log.error("What about this?", 5);
  log.error(cause);

  expect(error.mock.calls).toEqual([
    ["Failed to proxy http://127.0.0.1:8000/api/v1/auth/oidc/callback?…", cause],
    ["What about this?", 5],
    [cause],
  ]);
});
