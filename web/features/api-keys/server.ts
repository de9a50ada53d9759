import type { DehydratedState } from "@tanstack/react-query";

import { unwrap } from "@/lib/api/problem";
import { serverApi } from "@/lib/api/server";

import { seed } from "../accounts/seed";
import { apiKeysQuery } from "./queries";

export async function readApiKeys(): Promise<DehydratedState> {
  const api = await serverApi();
  return seed(apiKeysQuery.queryKey, unwrap(api.GET("/api/v1/api-keys")), "/settings/api-keys");
}
