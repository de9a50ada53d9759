import type { DehydratedState } from "@tanstack/react-query";

import { unwrap } from "@/lib/api/problem";
import { serverApi } from "@/lib/api/server";

import { sessionsQuery } from "./queries";
import { seed } from "./seed";

export async function readSessions(): Promise<DehydratedState> {
  const api = await serverApi();
  return seed(sessionsQuery.queryKey, unwrap(api.GET("/api/v1/auth/sessions")), "/settings/sessions");
}
