import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";

import { AreaTitle } from "@/components/area";
import { LinkedAccounts } from "@/features/identities/linked-accounts";
import { readLinkedAccounts } from "@/features/identities/server";

export const metadata: Metadata = { title: "Linked accounts" };

export default async function LinkedAccountsPage() {
  return (
    <>
      <AreaTitle title="Linked accounts">
        What you may sign in with besides your password. Only you can link one, from here.
      </AreaTitle>
      <HydrationBoundary state={await readLinkedAccounts()}>
        <LinkedAccounts />
      </HydrationBoundary>
    </>
  );
}
