import { redirect } from "next/navigation";
import { cache } from "react";

import { ApiError, unwrap } from "@/lib/api/problem";
import { serverApi } from "@/lib/api/server";
import type { Schema } from "@/lib/api/types";
import { safeNext, signInPath } from "@/lib/paths";

/** Who is asking, or null. Once per request, however many components ask. Throws ApiError when the API is away. */
export const currentUser = cache(async (): Promise<Schema<"User"> | null> => {
  const api = await serverApi();
  try {
    return await unwrap(api.GET("/api/v1/me"));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
});

/** Who is asking; a visitor without a session is sent to sign in and back to `path`. */
export async function member(path: string): Promise<Schema<"User">> {
  return (await currentUser()) ?? redirect(signInPath(path));
}

/** The answer, or the way to sign in and back to `path` for a visitor without a session. */
export async function orSignIn<T>(answer: Promise<T>, path: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) redirect(signInPath(path));
    throw error;
  }
}

/** For pages without a session: where to go afterwards, from the address. Somebody signed in goes there at once. */
export async function forVisitors(searchParams: Promise<{ next?: string | string[] }>): Promise<string> {
  const [{ next }, user] = await Promise.all([searchParams, currentUser().catch(() => null)]);
  const path = safeNext(next);
  if (user) redirect(path);
  return path;
}

/** What the visitor can prove themselves by; null when that can't be read. */
export const identities = cache(async (): Promise<Schema<"IdentityList"> | null> => {
  const api = await serverApi();
  try {
    return await unwrap(api.GET("/api/v1/me/identities"));
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
});

/** True when it can't be read: the API asks for it anyway. */
export async function hasPassword(): Promise<boolean> {
  return (await identities())?.has_password ?? true;
}
