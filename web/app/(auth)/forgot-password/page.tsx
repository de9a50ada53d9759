import type { Metadata } from "next";

import { AppLink } from "@/components/app-link";
import { PageTitle } from "@/components/page-title";
import { ForgotPasswordForm } from "@/features/accounts/forgot-password-form";
import { KeptMails } from "@/features/accounts/kept-mails";
import { authOptions } from "@/features/accounts/options";

export const metadata: Metadata = { title: "Forgot your password?" };

export default async function ForgotPasswordPage() {
  const { password_reset: possible } = await authOptions();
  return (
    <>
      <div className="grid gap-2">
        <PageTitle className="text-2xl">Forgot your password?</PageTitle>
        <p className="text-ink-2">
          {possible
            ? "We send you a link with which you choose a new one."
            : "This server sends no mail, so it can't send you a link. Ask whoever runs it."}
        </p>
      </div>
      {possible && <ForgotPasswordForm />}
      <p className="text-ink-2">
        Remembered it? <AppLink href="/sign-in">Sign in</AppLink>.
      </p>
      <KeptMails />
    </>
  );
}
