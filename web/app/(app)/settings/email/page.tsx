import type { Metadata } from "next";

import { AppLink } from "@/components/app-link";
import { AreaTitle } from "@/components/area";
import { EmailForm } from "@/features/accounts/email-form";
import { KeptMails } from "@/features/accounts/kept-mails";
import { authOptions } from "@/features/accounts/options";
import { hasPassword, member } from "@/features/accounts/session";

export const metadata: Metadata = { title: "Email" };

export default async function EmailPage() {
  const [user, options, has] = await Promise.all([member("/settings/email"), authOptions(), hasPassword()]);
  return (
    <>
      <AreaTitle title="Email">
        Your address here is <span className="font-medium wrap-anywhere text-ink">{user.email}</span>.
      </AreaTitle>
      {has ? (
        <EmailForm byLink={options.password_reset} />
      ) : (
        <p className="max-w-[60ch] text-ink-2">
          Changing it takes a password, and you have none: <AppLink href="/settings/password">set one first</AppLink>.
        </p>
      )}
      <KeptMails />
    </>
  );
}
