import { type DehydratedState, dehydrate } from "@tanstack/react-query";

import { ApiError, unwrap } from "@/lib/api/problem";
import { serverApi } from "@/lib/api/server";
import { newQueryClient } from "@/lib/query";

import { authOptions } from "../accounts/options";
import { orSignIn } from "../accounts/session";
import { identitiesQuery, providersQuery } from "./queries";

/** Both for the browser to go on from. When the API is away: nothing, and the section says so itself. */
export async function readLinkedAccounts(): Promise<DehydratedState> {
  const api = await serverApi();
  const client = newQueryClient();
  try {
    const [identities, options] = await Promise.all([
      orSignIn(unwrap(api.GET("/api/v1/me/identities")), "/settings/linked-accounts"),
      authOptions(),
    ]);
    client.setQueryData(identitiesQuery.queryKey, identities);
    client.setQueryData(providersQuery.queryKey, options.providers);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  return dehydrate(client);
}
