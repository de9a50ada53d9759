"use client";

import { useMutation } from "@tanstack/react-query";

import { Button } from "@/components/ui/button";
import { ProblemNotice } from "@/components/ui/problem-notice";

import { requestReset } from "./mutations";

/** For an account that was made by signing in elsewhere: the mailbox stands in for the password that there isn't. */
export function SetPassword({ email }: { email: string }) {
  const { mutate, error, isPending, isSuccess } = useMutation({ mutationFn: requestReset });
  return (
    <div className="grid max-w-[60ch] gap-4">
      {error && <ProblemNotice error={error} />}
      <p className="text-ink-2">
        You sign in with a linked account, and have no password. With one you could sign in without it too.
      </p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button look="main" disabled={isPending || isSuccess} onClick={() => mutate({ email })}>
          Send me a link to set one
        </Button>
        <p role="status" className="text-sm text-ink-2">
          {isSuccess && "A link is on its way to your mailbox."}
        </p>
      </div>
    </div>
  );
}
