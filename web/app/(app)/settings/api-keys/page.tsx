import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";

import { AreaTitle } from "@/components/area";
import { KeysPanel } from "@/features/api-keys/keys-panel";
import { readApiKeys } from "@/features/api-keys/server";

export const metadata: Metadata = { title: "API keys" };

export default async function ApiKeysPage() {
  return (
    <>
      <AreaTitle title="API keys">
        For programs that act for you. A key can do what it was made for and nothing else; it can't make keys or end
        sessions.
      </AreaTitle>
      <HydrationBoundary state={await readApiKeys()}>
        <KeysPanel />
      </HydrationBoundary>
    </>
  );
}
