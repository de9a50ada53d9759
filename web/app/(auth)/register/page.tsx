import type { Metadata } from "next";

import { AppLink } from "@/components/app-link";
import { PageTitle } from "@/components/page-title";
import { RegisterForm } from "@/features/accounts/register-form";
import { forVisitors } from "@/features/accounts/session";
import { signInPath } from "@/lib/paths";

export const metadata: Metadata = { title: "Create an account" };

export default async function RegisterPage({ searchParams }: PageProps<"/register">) {
  const next = await forVisitors(searchParams);
  return (
    <>
      <PageTitle className="text-2xl">Create an account</PageTitle>
      <RegisterForm next={next} />
      <p className="text-ink-2">
        Been here before? <AppLink href={signInPath(next)}>Sign in</AppLink>.
      </p>
    </>
  );
}
