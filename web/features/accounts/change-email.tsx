"use client";

import { AppLink } from "@/components/app-link";
import { buttonClass } from "@/components/ui/button";

import { ConfirmLink } from "./confirm-link";
import { confirmEmail } from "./mutations";

export function ChangeEmail() {
  return (
    <ConfirmLink
      send={confirmEmail}
      confirm="Use this address from now on"
      done="Your new address is in use."
      next={
        <>
          <p>Sign in with it from now on. Sessions that are open stay open.</p>
          <AppLink href="/tasks" className={buttonClass("main", "large")}>
            Go on
          </AppLink>
        </>
      }
      again={
        <p>
          A new link comes from <AppLink href="/settings/email">your settings</AppLink>.
        </p>
      }
    />
  );
}
