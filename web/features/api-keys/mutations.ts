import { mutationOptions, type QueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api/browser";
import { unwrap } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/types";

import { apiKeysQuery } from "./queries";

export const createKey = (body: Schema<"ApiKeyCreate">) => unwrap(api.POST("/api/v1/api-keys", { body }));

export const revokeKey = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (id: string) => unwrap(api.DELETE("/api/v1/api-keys/{id}", { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries(apiKeysQuery),
  });
