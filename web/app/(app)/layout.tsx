import type { ReactNode } from "react";

import { Header } from "@/components/header";
import { KeepSession } from "@/components/keep-session";
import { NavLink } from "@/components/nav-link";
import { Providers } from "@/components/providers";
import { AccountMenu } from "@/features/accounts/account-menu";
import { currentUser } from "@/features/accounts/session";
import { TaskNews } from "@/features/tasks/task-news";
import { sessionLife } from "@/lib/session/server";

export default async function AppLayout({ children }: { children: ReactNode }) {
  // When the API is away the pages say so; the header just has no name in it.
  const user = await currentUser().catch(() => null);
  return (
    <Providers>
      <KeepSession life={await sessionLife()} />
      <Header end={user && <AccountMenu user={user} />}>
        <nav aria-label="Main" className="flex">
          <NavLink href="/tasks">Tasks</NavLink>
          <NavLink href="/design">Design</NavLink>
        </nav>
      </Header>
      <TaskNews />
      {children}
    </Providers>
  );
}
