"use client";

import { type ReactNode, useEffect, useRef } from "react";

/** The first title of a document is where the browser puts the reader anyway. */
let first = true;

/** The page's h1. Takes the focus after a navigation inside the app, so that a screen reader begins at the top. */
export function PageTitle({ children, className }: { children: ReactNode; className?: string }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!first) title.current?.focus({ preventScroll: true });
    first = false;
  }, []);
  return (
    <h1 ref={title} tabIndex={-1} className={className}>
      {children}
    </h1>
  );
}

/** For what removes the button that was pressed: the focus would be lost with it. */
export function focusTitle(): void {
  document.querySelector("h1")?.focus({ preventScroll: true });
}
