import { expect, test, vi } from "vitest";

import { endingIt, tellOver, watchOver } from "./over";

test("a page that signs out is not sent to sign in, unless that failed", async () => {
  const told = vi.fn<() => void>();
  watchOver(told);

  await expect(endingIt(Promise.reject(new Error("away")))).rejects.toThrow("away");
  tellOver();
  expect(told).toHaveBeenCalledTimes(1);

  await endingIt(Promise.resolve());
  tellOver();
  expect(told).toHaveBeenCalledTimes(1);
});
