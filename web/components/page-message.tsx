import type { ReactNode } from "react";

/** A page that has one thing to say: not found, failed, away. */
export function PageMessage({
  code,
  title,
  children,
  action,
}: {
  code?: string;
  title: string;
  children: ReactNode;
  action: ReactNode;
}) {
  return (
    <main id="main" className="mx-auto grid min-h-[70dvh] max-w-xl content-center gap-4 px-4 py-16 sm:px-8">
      {code && <p className="font-mono text-sm text-ink-3">{code}</p>}
      <h1 className="text-2xl">{title}</h1>
      <div className="text-lg text-ink-2">{children}</div>
      <div className="mt-2 flex flex-wrap gap-2">{action}</div>
    </main>
  );
}
