import { queryOptions } from "@tanstack/react-query";

import { api } from "@/lib/api/browser";
import { unwrap } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/types";

export type ApiKey = Schema<"ApiKey">;
export type NewApiKey = Schema<"NewApiKey">;
export type Scope = ApiKey["scopes"][number];

/** What a key may be good for, in words. Named by scope, so that the compiler asks for a new one. */
export const SCOPES: Record<Scope, { name: string; what: string }> = {
  "tasks:read": { name: "Read tasks", what: "List tasks, read them and follow their streams." },
  "tasks:write": { name: "Write tasks", what: "Create, cancel and delete tasks." },
  design: { name: "Design", what: "Have designs written." },
};

/** All of one's keys: there are few. */
export const apiKeysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/api-keys", { signal })),
});
