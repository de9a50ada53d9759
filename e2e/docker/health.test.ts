/** A container that can't work says so, and says so no longer when it can again. */
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { compose, becomes, composed, measured, well } from "./lib/stack.ts";

const SICK_WITHIN = 30_000;
const WELL_WITHIN = 15_000;

before(() => well(30_000));

for (const server of ["postgres", "valkey"])
  test(
    `without ${server} the API and the worker are unhealthy, and healthy again with it`,
    { timeout: 120_000 },
    async () => {
      // A stopped process is the worse case: it takes connections and never answers.
      await compose("pause", server);
      try {
        const sick = await Promise.all(["api", "worker"].map((service) => becomes("unhealthy", service, SICK_WITHIN)));
        measured(`${server} paused, API unhealthy`, sick[0]!);
        measured(`${server} paused, worker unhealthy`, sick[1]!);
        const response = await fetch(`${composed.url}/api/readyz`, { signal: AbortSignal.timeout(10_000) });
        assert.equal(response.status, 503);
        assert.equal((await fetch(`${composed.url}/api/healthz`, { signal: AbortSignal.timeout(10_000) })).status, 200);
      } finally {
        await compose("unpause", server);
      }

      measured(`${server} there again, all healthy`, await well(WELL_WITHIN));
    },
  );

test("the parts start in any order: the servers last", { timeout: 150_000 }, async () => {
  await compose("stop", "--timeout=5", "api", "worker", "beat", "postgres", "valkey");
  await compose("start", "api", "worker", "beat").catch(() => undefined); // compose may insist on its own order
  await compose("start", "postgres", "valkey");

  measured("servers started last, all healthy", await well(60_000));
});
