import type { ReactNode } from "react";

import { DownIcon } from "@/components/icons";
import { StateDot } from "@/components/ui/state-dot";
import { day } from "@/lib/format";

import type { AdminUser } from "./queries";
import { UserActions } from "./user-actions";

/** A user in a line; opened, what else is known and what can be done. */
export function UserRow({ user, onDone }: { user: AdminUser; onDone: (words: string) => void }) {
  return (
    <details className="group">
      <summary className="-mx-3 grid cursor-pointer list-none grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 rounded-md px-3 py-3 transition-colors hover:bg-sunken [&::-webkit-details-marker]:hidden">
        <span className="grid min-w-0 gap-0.5">
          <span className="truncate font-medium">{user.name}</span>
          <span className="truncate text-sm text-ink-3">{user.email}</span>
        </span>
        <span className="flex items-center gap-4 text-sm text-ink-3">
          {user.role === "admin" && <span className="text-accent">Admin</span>}
          {user.disabled_at !== null && <StateDot tone="fail">Disabled</StateDot>}
          <span className="transition-transform group-open:rotate-180">
            <DownIcon />
          </span>
        </span>
      </summary>
      <div className="grid gap-4 pt-1 pb-5">
        <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[8rem_minmax(0,1fr)]">
          <Fact name="Id">
            <code className="font-mono">{user.id}</code>
          </Fact>
          <Fact name="Since">{day(user.created_at)}</Fact>
          <Fact name="Open sessions">{user.sessions}</Fact>
          {user.disabled_at !== null && <Fact name="Disabled">{day(user.disabled_at)}</Fact>}
        </dl>
        <UserActions user={user} onDone={onDone} />
      </div>
    </details>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </>
  );
}
