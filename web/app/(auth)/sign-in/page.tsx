import type { Metadata } from "next";

import { AppLink } from "@/components/app-link";
import { PageTitle } from "@/components/page-title";
import { DemoSignIn } from "@/features/accounts/demo-sign-in";
import { forVisitors } from "@/features/accounts/session";
import { SignInForm } from "@/features/accounts/sign-in-form";
import { demoUser } from "@/lib/env";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const next = await forVisitors(searchParams);
  const demo = demoUser();
  return (
    <>
      <PageTitle className="text-2xl">Sign in</PageTitle>
      {demo && <DemoSignIn user={demo} next={next} />}
      <SignInForm next={next} />
      <p className="text-ink-2">
        New here? <AppLink href={`/register?next=${encodeURIComponent(next)}`}>Create an account</AppLink>.
      </p>
    </>
  );
}
