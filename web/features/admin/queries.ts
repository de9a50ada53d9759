import { queryOptions } from "@tanstack/react-query";

import { api } from "@/lib/api/browser";
import { unwrap } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/types";
import { given } from "@/lib/params";

export type AdminUser = Schema<"AdminUser">;
export type AuditEvent = Schema<"AuditEvent">;
export type Action = AuditEvent["action"];

/** What the address of the users' page asks for; empty is not asked. */
export type UsersAsked = Readonly<Record<"query" | "cursor", string>>;

/** What the address of the log's page asks for; empty is not asked. */
export type AuditAsked = Readonly<{ user: string; action: Action | ""; cursor: string }>;

export const usersKey = ["admin-users"] as const;

export const usersQuery = (asked: UsersAsked) =>
  queryOptions({
    queryKey: [...usersKey, asked],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/admin/users", { params: { query: given(asked) }, signal })),
  });

export const auditQuery = (asked: AuditAsked) =>
  queryOptions({
    queryKey: ["admin-audit", asked],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/admin/audit", { params: { query: given(asked) }, signal })),
  });
