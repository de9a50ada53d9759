"use client";

import { useRouter } from "next/navigation";
import type { ComponentProps, MouseEvent } from "react";

/**
 * A link that keeps the app alive: its query cache, its stream. What `next/link` adds is prefetching, which can bring
 * nothing of pages that are rendered for one visitor, and costs 3 KB gzip on every one of them.
 */
export function AppLink({ href, children, onClick: given, ...props }: ComponentProps<"a"> & { href: string }) {
  const router = useRouter();

  function onClick(event: MouseEvent<HTMLAnchorElement>) {
    given?.(event);
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!isPlain || event.defaultPrevented) return;
    event.preventDefault();
    router.push(href);
  }

  return (
    <a href={href} onClick={onClick} {...props}>
      {children}
    </a>
  );
}
