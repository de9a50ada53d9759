import type { ReactNode } from "react";

import { Header } from "@/components/header";
import { NavLink } from "@/components/nav-link";
import { Providers } from "@/components/providers";
import { AccountMenu } from "@/features/accounts/account-menu";
import { currentUser } from "@/features/accounts/session";
import { TaskNews } from "@/features/tasks/task-news";

export default async function AppLayout({ children }: { children: ReactNode }) {
  // When the API is away the pages say so; the header just has no name in it.
  const user = await currentUser().catch(() => null);
  return (
    <Providers>
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
