import type { Metadata } from "next";

import { PageTitle } from "@/components/page-title";
import { KeptMails } from "@/features/accounts/kept-mails";
import { VerifyEmail } from "@/features/accounts/verify-email";

export const metadata: Metadata = { title: "Confirm your address", robots: { index: false } };

export default function VerifyEmailPage() {
  return (
    <>
      <PageTitle className="text-2xl">Confirm your address</PageTitle>
      <VerifyEmail />
      <KeptMails />
    </>
  );
}
