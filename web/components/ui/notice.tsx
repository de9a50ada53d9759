import type { ReactNode } from "react";

/** Something went wrong here: what, and what can be done. Announced when it appears. */
export function Notice({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-6 gap-y-3 rounded-lg border border-line bg-stop-wash px-4 py-3"
    >
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium">{title}</p>
        {children && <div className="text-ink-2">{children}</div>}
      </div>
      {action}
    </div>
  );
}
