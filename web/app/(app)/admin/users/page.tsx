import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";

import { AreaTitle } from "@/components/area";
import { readUsers } from "@/features/admin/server";
import { UserList } from "@/features/admin/user-list";
import { UserSearch } from "@/features/admin/user-search";
import { one } from "@/lib/params";

export const metadata: Metadata = { title: "Users" };

export default async function UsersPage({ searchParams }: PageProps<"/admin/users">) {
  const { query, cursor } = await searchParams;
  const asked = { query: one(query), cursor: one(cursor) };
  return (
    <>
      <AreaTitle title="Users" />
      <UserSearch query={asked.query} />
      <HydrationBoundary state={await readUsers(asked)}>
        <UserList asked={asked} />
      </HydrationBoundary>
    </>
  );
}
