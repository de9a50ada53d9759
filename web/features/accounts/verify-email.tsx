"use client";

import { AppLink } from "@/components/app-link";
import { buttonClass } from "@/components/ui/button";

import { ConfirmLink } from "./confirm-link";
import { verifyEmail } from "./mutations";
import { ResendForm } from "./resend-form";

export function VerifyEmail() {
  return (
    <ConfirmLink
      send={verifyEmail}
      confirm="Confirm my address"
      done="Your address is confirmed."
      next={
        <AppLink href="/sign-in" className={buttonClass("main", "large")}>
          Sign in
        </AppLink>
      }
      again={<ResendForm />}
    />
  );
}
