import type { Metadata } from "next";
import { connection } from "next/server";

import { PageTitle } from "@/components/page-title";
import { ResetPasswordForm } from "@/features/accounts/reset-password-form";

export const metadata: Metadata = { title: "Choose a new password", robots: { index: false } };

export default async function ResetPasswordPage() {
  // Rendered when it is asked for: a page from a build has no nonce for its scripts.
  await connection();
  return (
    <>
      <PageTitle className="text-2xl">Choose a new password</PageTitle>
      <ResetPasswordForm />
    </>
  );
}
