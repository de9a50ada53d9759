import type { DehydratedState } from "@tanstack/react-query";
import { notFound } from "next/navigation";

import { unwrap } from "@/lib/api/problem";
import { serverApi } from "@/lib/api/server";
import type { Schema } from "@/lib/api/types";
import { given, pathWith } from "@/lib/params";

import { seed } from "../accounts/seed";
import { member } from "../accounts/session";
import { type AuditAsked, auditQuery, type UsersAsked, usersQuery } from "./queries";

/** The admin who is asking. For everybody else there is no such page. */
export async function admin(path: string): Promise<Schema<"User">> {
  const user = await member(path);
  return user.role === "admin" ? user : notFound();
}

export async function readUsers(asked: UsersAsked): Promise<DehydratedState> {
  const path = pathWith("/admin/users", asked);
  await admin(path);
  const api = await serverApi();
  const answer = unwrap(api.GET("/api/v1/admin/users", { params: { query: given(asked) } }));
  return seed(usersQuery(asked).queryKey, answer, path);
}

export async function readAudit(asked: AuditAsked): Promise<DehydratedState> {
  const path = pathWith("/admin/audit", asked);
  await admin(path);
  const api = await serverApi();
  const answer = unwrap(api.GET("/api/v1/admin/audit", { params: { query: given(asked) } }));
  return seed(auditQuery(asked).queryKey, answer, path);
}
