import type { Metadata } from "next";

import { AreaTitle } from "@/components/area";
import { DeleteAccount } from "@/features/accounts/delete-account";
import { ExportButton } from "@/features/accounts/export-button";
import { identities, member } from "@/features/accounts/session";

export const metadata: Metadata = { title: "Your data" };

export default async function DataPage() {
  const [user, known] = await Promise.all([member("/settings/data"), identities()]);
  return (
    <>
      <AreaTitle title="Your data">
        Everything that is kept here about you is yours to take, and to take away.
      </AreaTitle>
      <section className="grid max-w-[60ch] gap-3">
        <h2 className="text-lg">Take it with you</h2>
        <p className="text-ink-2">
          One JSON file: your profile, your tasks with their texts, your sessions, keys and linked accounts, and what
          the log says of you. No password and no key is in it.
        </p>
        <ExportButton />
      </section>
      <section className="grid max-w-[60ch] gap-3 border-t border-line pt-8">
        <h2 className="text-lg">Delete your account</h2>
        <p className="text-ink-2">
          Your tasks and their texts, your keys and your sessions go with it, at once and for good. Nobody can bring
          them back, so take your data first if you want any of it.
        </p>
        <DeleteAccount email={user.email} providers={known && !known.has_password ? known.items : null} />
      </section>
    </>
  );
}
