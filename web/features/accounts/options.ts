import { cache } from "react";

import { ApiError, unwrap } from "@/lib/api/problem";
import { serverApi } from "@/lib/api/server";
import type { Schema } from "@/lib/api/types";

type AuthOptions = Schema<"AuthOptions">;

const LEAST: AuthOptions = { registration: "open", password_reset: false, mails_url: null, providers: [] };

/** How one may sign in here. Once per request; the least there is when the API is away, and the forms say that it is. */
export const authOptions = cache(async (): Promise<AuthOptions> => {
  const api = await serverApi();
  try {
    return await unwrap(api.GET("/api/v1/auth/options"));
  } catch (error) {
    if (error instanceof ApiError) return LEAST;
    throw error;
  }
});
