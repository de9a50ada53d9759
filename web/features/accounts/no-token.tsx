import type { ReactNode } from "react";

/** Somebody opened the page of a mail's link without the link, or loaded it again. */
export function NoToken({ children }: { children: ReactNode }) {
  return (
    <div className="grid gap-3 text-ink-2">
      <p>This page belongs to a link in a mail. Open the link again: the address of this page alone can do nothing.</p>
      {children}
    </div>
  );
}
