import { type DehydratedState, dehydrate, type QueryKey } from "@tanstack/react-query";

import { ApiError } from "@/lib/api/problem";
import { newQueryClient } from "@/lib/query";

import { orSignIn } from "./session";

/** What was read, for the browser to go on from. When the API is away: nothing, and the component says so itself. */
export async function seed(key: QueryKey, answer: Promise<unknown>, path: string): Promise<DehydratedState> {
  const client = newQueryClient();
  try {
    client.setQueryData(key, await orSignIn(answer, path));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  return dehydrate(client);
}
