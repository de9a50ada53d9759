import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";

import { AreaTitle } from "@/components/area";
import { AuditFilters } from "@/features/admin/audit-filters";
import { AuditList } from "@/features/admin/audit-list";
import { isAction } from "@/features/admin/audit-words";
import { readAudit } from "@/features/admin/server";
import { one } from "@/lib/params";

export const metadata: Metadata = { title: "Audit log" };

export default async function AuditPage({ searchParams }: PageProps<"/admin/audit">) {
  const { user, action, cursor } = await searchParams;
  const wanted = one(action);
  const asked = { user: one(user), action: isAction(wanted) ? wanted : "", cursor: one(cursor) } as const;
  return (
    <>
      <AreaTitle title="Audit log">
        What happened to accounts, the newest first. Rows name people by id; addresses beside them are deleted after a
        while.
      </AreaTitle>
      <AuditFilters asked={asked} />
      <HydrationBoundary state={await readAudit(asked)}>
        <AuditList asked={asked} />
      </HydrationBoundary>
    </>
  );
}
