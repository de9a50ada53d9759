import { mutationOptions, type QueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api/browser";
import { ApiError, isRefused, unwrap } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/types";
import { endingIt } from "@/lib/session/over";

import { sessionsQuery } from "./queries";

export const register = (body: Schema<"Registration">) => unwrap(api.POST("/api/v1/auth/register", { body }));

export const signIn = (body: Schema<"Credentials">) => unwrap(api.POST("/api/v1/auth/login", { body }));

export const signOut = () => endingIt(unwrap(api.POST("/api/v1/auth/logout")));

export const verifyEmail = (token: string) => unwrap(api.POST("/api/v1/auth/verify-email", { body: { token } }));

export const resendVerification = (body: { email: string }) =>
  unwrap(api.POST("/api/v1/auth/verify-email/resend", { body }));

export const requestReset = (body: { email: string }) => unwrap(api.POST("/api/v1/auth/password-reset", { body }));

export const resetPassword = (body: { token: string; password: string }) =>
  unwrap(api.POST("/api/v1/auth/password-reset/confirm", { body }));

export const confirmEmail = (token: string) => unwrap(api.POST("/api/v1/auth/change-email", { body: { token } }));

export const changeProfile = (body: Schema<"Profile">) => unwrap(api.PATCH("/api/v1/me", { body }));

export const changePassword = (body: Schema<"PasswordChange">) =>
  passwordAt("current_password", unwrap(api.POST("/api/v1/me/password", { body })));

export const requestEmailChange = (body: Schema<"EmailChange">) =>
  passwordAt("password", unwrap(api.POST("/api/v1/me/email", { body })));

export const deleteAccount = (body: Schema<"Erasure">) =>
  passwordAt("password", endingIt(unwrap(api.DELETE("/api/v1/me", { body }))));

/** Everything that is kept about the visitor, as the file that it is. */
export const exportData = () => unwrap(api.GET("/api/v1/me/export", { parseAs: "blob" }));

const end = (id: string) => unwrap(api.DELETE("/api/v1/auth/sessions/{id}", { params: { path: { id } } }));

export const endSession = (client: QueryClient) =>
  mutationOptions({
    mutationFn: end,
    onSettled: () => client.invalidateQueries(sessionsQuery),
  });

export const endSessions = (client: QueryClient) =>
  mutationOptions({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await end(id);
    },
    onSettled: () => client.invalidateQueries(sessionsQuery),
  });

/** The refusal of a wrong password, told at the field in which it was typed. */
async function passwordAt<T>(field: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!isRefused<"changePassword">(error, "wrong_password")) throw error;
    const { status, code, message, requestId } = error;
    throw new ApiError(status, code, message, [{ pointer: `/${field}`, code, message }], requestId);
  }
}
