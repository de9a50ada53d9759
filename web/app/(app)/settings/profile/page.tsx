import type { Metadata } from "next";

import { AreaTitle } from "@/components/area";
import { ProfileForm } from "@/features/accounts/profile-form";
import { member } from "@/features/accounts/session";

export const metadata: Metadata = { title: "Profile" };

export default async function ProfilePage() {
  const user = await member("/settings/profile");
  return (
    <>
      <AreaTitle title="Profile" />
      <ProfileForm user={user} />
    </>
  );
}
