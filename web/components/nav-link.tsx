"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

import { AppLink } from "@/components/app-link";

/** A link of the header that knows whether it is where we are. */
export function NavLink({ href, children }: { href: string; children: ReactNode }) {
  const path = usePathname();
  const here = path === href ? "page" : path.startsWith(`${href}/`) ? "true" : undefined;
  return (
    <AppLink
      href={href}
      aria-current={here}
      className="rounded-sm px-2.5 py-1.5 text-ink-2 no-underline transition-colors hover:text-ink aria-[current]:bg-sunken aria-[current]:text-ink"
    >
      {children}
    </AppLink>
  );
}
