"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";

import { AppLink } from "@/components/app-link";
import { buttonClass } from "@/components/ui/button";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { pathWith } from "@/lib/params";

import { changeUser, endUserSessions } from "./mutations";
import type { AdminUser } from "./queries";

/** What an admin can do with somebody. `onDone` hears in words what was done. */
export function UserActions({ user, onDone }: { user: AdminUser; onDone: (words: string) => void }) {
  const client = useQueryClient();
  const change = useMutation(changeUser(client, user.id));
  const end = useMutation(endUserSessions(client, user.id));
  const problem = change.error ?? end.error;
  const busy = change.isPending || end.isPending;
  const { name } = user;
  const isAdmin = user.role === "admin";
  const isDisabled = user.disabled_at !== null;

  return (
    <div className="grid gap-3">
      {problem && <ProblemNotice error={problem} />}
      <div className="flex flex-wrap gap-1.5">
        <ConfirmButton
          title={isDisabled ? `Enable ${name}?` : `Disable ${name}?`}
          question={
            isDisabled
              ? "They can sign in again. Their keys stay gone."
              : "They are signed out everywhere and their keys are deleted. Their tasks stay."
          }
          keep="Leave it"
          confirm={isDisabled ? "Enable" : "Disable"}
          onConfirm={() =>
            change.mutate(
              { disabled: !isDisabled },
              { onSuccess: () => onDone(`${name} is ${isDisabled ? "enabled" : "disabled"}.`) },
            )
          }
          disabled={busy}
        >
          {isDisabled ? "Enable" : "Disable"}
        </ConfirmButton>
        <ConfirmButton
          title={`End the sessions of ${name}?`}
          question="They are signed out everywhere, and can sign in again."
          keep="Leave them"
          confirm="End sessions"
          onConfirm={() => end.mutate(undefined, { onSuccess: () => onDone(`The sessions of ${name} have ended.`) })}
          disabled={busy}
        >
          End sessions
        </ConfirmButton>
        <ConfirmButton
          title={isAdmin ? `Make ${name} a user?` : `Make ${name} an admin?`}
          question={
            isAdmin
              ? "They can't manage users any more."
              : "They can then do what you can: disable people, read the log."
          }
          keep="Leave it"
          confirm={isAdmin ? "Make a user" : "Make an admin"}
          onConfirm={() =>
            change.mutate(
              { role: isAdmin ? "user" : "admin" },
              { onSuccess: () => onDone(`${name} is ${isAdmin ? "a user" : "an admin"} now.`) },
            )
          }
          disabled={busy}
        >
          {isAdmin ? "Make a user" : "Make an admin"}
        </ConfirmButton>
        <AppLink href={pathWith("/admin/audit", { user: user.id })} className={buttonClass("quiet")}>
          What happened
        </AppLink>
      </div>
    </div>
  );
}
