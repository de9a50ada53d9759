import type { Metadata } from "next";

import { AppLink } from "@/components/app-link";
import { PageTitle } from "@/components/page-title";
import { KeptMails } from "@/features/accounts/kept-mails";
import { authOptions } from "@/features/accounts/options";
import { RegisterForm } from "@/features/accounts/register-form";
import { forVisitors } from "@/features/accounts/session";
import { ProviderButtons } from "@/features/identities/provider-buttons";
import { signInPath } from "@/lib/paths";

export const metadata: Metadata = { title: "Create an account" };

export default async function RegisterPage({ searchParams }: PageProps<"/register">) {
  const [next, options] = await Promise.all([forVisitors(searchParams), authOptions()]);
  return (
    <>
      <PageTitle className="text-2xl">Create an account</PageTitle>
      <ProviderButtons providers={options.providers} next={next} />
      <RegisterForm next={next} verified={options.registration === "verified"} />
      <p className="text-ink-2">
        Been here before? <AppLink href={signInPath(next)}>Sign in</AppLink>.
      </p>
      {options.registration === "verified" && <KeptMails />}
    </>
  );
}
