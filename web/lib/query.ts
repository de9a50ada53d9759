import { QueryClient } from "@tanstack/react-query";

import { isTransient } from "./api/problem";

/** One per page in the browser, one per request on the server. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What the server rendered is fresh: no second request at hydration.
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && isTransient(error),
      },
    },
  });
}
