import type { Metadata } from "next";

import { AreaTitle } from "@/components/area";
import { KeptMails } from "@/features/accounts/kept-mails";
import { PasswordForm } from "@/features/accounts/password-form";
import { hasPassword, member } from "@/features/accounts/session";
import { SetPassword } from "@/features/accounts/set-password";

export const metadata: Metadata = { title: "Password" };

export default async function PasswordPage() {
  const [user, has] = await Promise.all([member("/settings/password"), hasPassword()]);
  if (!has)
    return (
      <>
        <AreaTitle title="Password" />
        <SetPassword email={user.email} />
        <KeptMails />
      </>
    );
  return (
    <>
      <AreaTitle title="Password">A new password ends every session but this one.</AreaTitle>
      <PasswordForm email={user.email} />
    </>
  );
}
