import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";

import { AreaTitle } from "@/components/area";
import { readSessions } from "@/features/accounts/server";
import { SessionList } from "@/features/accounts/session-list";

export const metadata: Metadata = { title: "Sessions" };

export default async function SessionsPage() {
  return (
    <>
      <AreaTitle title="Sessions">
        Where you are signed in. What you end is signed out within a second, its open pages too.
      </AreaTitle>
      <HydrationBoundary state={await readSessions()}>
        <SessionList />
      </HydrationBoundary>
    </>
  );
}
