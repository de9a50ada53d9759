import type { Metadata } from "next";
import { connection } from "next/server";

import { PageTitle } from "@/components/page-title";
import { ChangeEmail } from "@/features/accounts/change-email";

export const metadata: Metadata = { title: "Change your address", robots: { index: false } };

export default async function ChangeEmailPage() {
  // Rendered when it is asked for: a page from a build has no nonce for its scripts.
  await connection();
  return (
    <>
      <PageTitle className="text-2xl">Change your address</PageTitle>
      <ChangeEmail />
    </>
  );
}
