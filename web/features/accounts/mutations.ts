import { api } from "@/lib/api/browser";
import { unwrap } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/types";

export const register = (body: Schema<"Registration">) => unwrap(api.POST("/api/v1/auth/register", { body }));

export const signIn = (body: Schema<"Credentials">) => unwrap(api.POST("/api/v1/auth/login", { body }));

export const signOut = () => unwrap(api.POST("/api/v1/auth/logout"));
