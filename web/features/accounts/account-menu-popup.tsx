"use client";

import { Menu } from "@base-ui/react/menu";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { AppLink } from "@/components/app-link";
import type { Schema } from "@/lib/api/types";

import { Face, triggerClass } from "./account-face";
import { signOut } from "./mutations";

const itemClass =
  "flex h-9 no-underline w-full cursor-default items-center rounded-sm px-3 outline-none data-highlighted:bg-sunken data-disabled:opacity-55";

export function AccountMenuPopup({ user }: { user: Schema<"User"> }) {
  const { mutate, isPending, isError } = useMutation({ mutationFn: signOut });
  // It opens inside the header and not at the end of the body, where it would belong to no landmark.
  const [place, setPlace] = useState<HTMLElement | null>(null);

  function leave() {
    // A full navigation: nothing of this account stays in memory.
    mutate(undefined, { onSuccess: () => window.location.assign("/") });
  }

  return (
    <Menu.Root defaultOpen modal={false}>
      <Menu.Trigger className={triggerClass}>
        <Face name={user.name} />
      </Menu.Trigger>
      <Menu.Portal container={place}>
        <Menu.Positioner align="end" sideOffset={6} collisionPadding={8} className="z-20">
          <Menu.Popup className="max-w-(--available-width) min-w-56 rounded-lg border border-line bg-panel p-1 shadow-float outline-none">
            <div className="mb-1 border-b border-line px-3 pt-2 pb-2.5 wrap-anywhere">
              <p className="font-medium">{user.name}</p>
              <p className="text-sm text-ink-3">{user.email}</p>
            </div>
            <MenuLink href="/settings/profile">Settings</MenuLink>
            {user.role === "admin" && <MenuLink href="/admin/users">Admin</MenuLink>}
            <Menu.Item className={itemClass} closeOnClick={false} disabled={isPending} onClick={leave}>
              {isError ? "Could not sign out: try again" : "Sign out"}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
      <div ref={setPlace} className="absolute" />
    </Menu.Root>
  );
}

function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return <Menu.LinkItem closeOnClick className={itemClass} render={<AppLink href={href}>{children}</AppLink>} />;
}
