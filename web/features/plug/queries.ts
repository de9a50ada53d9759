import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { newClient } from "@/lib/api/client";
import { ApiError, unwrap } from "@/lib/api/problem";

import { ownFetch } from "./network";
import { type Look, looked, nothingKnown, type Part, type PartName, type Parts } from "./parts";
import type { paths } from "./schema";

export const plugApi = newClient<paths>({ baseUrl: "/", credentials: "same-origin", fetch: ownFetch });

const POLL_MS = 1_000;
/** While something is away: how long is told in tenths of a second. */
const QUICK_POLL_MS = 250;

const partsKey = ["plug"] as const;

/** What is known of the parts, looked at again and again. Null where there is no plug to pull. */
export const partsQuery = queryOptions({
  queryKey: partsKey,
  queryFn: async ({ client, signal }): Promise<Parts | null> => {
    const look = await lookAt(signal);
    return look === null ? null : looked(client.getQueryData<Parts>(partsKey) ?? nothingKnown, look, Date.now());
  },
  networkMode: "always",
  staleTime: 0,
  refetchInterval: ({ state: { data } }) => {
    if (data === null) return false;
    return data && Object.values(data).some(({ downSince }) => downSince !== null) ? QUICK_POLL_MS : POLL_MS;
  },
});

async function lookAt(signal: AbortSignal): Promise<Look | null> {
  try {
    return (await unwrap(plugApi.GET("/api/v1/plug", { signal }))).items;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) return null;
    return error.code === "unreachable" ? "no answer" : "silent";
  }
}

/** Changes what is known of one part. */
export function changePart(client: QueryClient, name: PartName, change: (part: Part) => Part): void {
  client.setQueryData<Parts | null>(partsKey, (parts) => parts && { ...parts, [name]: change(parts[name]) });
}
