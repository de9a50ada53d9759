import type { Metadata } from "next";

import { AppLink } from "@/components/app-link";
import { PageTitle } from "@/components/page-title";
import { DemoSignIn } from "@/features/accounts/demo-sign-in";
import { authOptions } from "@/features/accounts/options";
import { forVisitors } from "@/features/accounts/session";
import { SignInForm } from "@/features/accounts/sign-in-form";
import { ProviderButtons } from "@/features/identities/provider-buttons";
import { SignInNotice } from "@/features/identities/sign-in-notice";
import { demoUser } from "@/lib/env";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const [next, { error, provider }, options] = await Promise.all([
    forVisitors(searchParams),
    searchParams,
    authOptions(),
  ]);
  const demo = demoUser();
  return (
    <>
      <PageTitle className="text-2xl">Sign in</PageTitle>
      <SignInNotice error={error} provider={provider} providers={options.providers} />
      {demo && <DemoSignIn user={demo} next={next} />}
      <ProviderButtons providers={options.providers} next={next} />
      <SignInForm next={next} />
      <div className="grid gap-2 text-ink-2">
        {options.password_reset && (
          <p>
            <AppLink href="/forgot-password">Forgot your password?</AppLink>
          </p>
        )}
        <p>
          New here? <AppLink href={`/register?next=${encodeURIComponent(next)}`}>Create an account</AppLink>.
        </p>
      </div>
    </>
  );
}
