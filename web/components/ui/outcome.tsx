import { type ReactNode, useEffect, useRef } from "react";

/** What came of a step, in the place of its form. Takes the focus, so that it is read and the next key goes on here. */
export function Outcome({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="grid gap-3 rounded-xl border border-line bg-panel p-6">
      <h2 ref={heading} tabIndex={-1} className="text-lg">
        {title}
      </h2>
      {children && <div className="grid gap-3 text-ink-2">{children}</div>}
    </section>
  );
}
