import { queryOptions } from "@tanstack/react-query";

import { api } from "@/lib/api/browser";
import { unwrap } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/types";

export type Identity = Schema<"Identity">;

/** One's accounts elsewhere, and whether there is a password besides. */
export const identitiesQuery = queryOptions({
  queryKey: ["identities"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/me/identities", { signal })),
});

/** The providers that could be linked: a setting of the site. */
export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: async ({ signal }) => (await unwrap(api.GET("/api/v1/auth/options", { signal }))).providers,
  staleTime: Infinity,
});
