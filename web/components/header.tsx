import type { ReactNode } from "react";

import { project } from "@/lib/project";

import { Anchor } from "./anchor";
import { MarkIcon } from "./icons";
import { ThemeSwitch } from "./theme-switch";

/** The bar at the top of every page. `children` is its navigation, `end` what stands at its right. */
export function Header({ children, end }: { children?: ReactNode; end?: ReactNode }) {
  return (
    <header className="z-20 flex h-14 items-center gap-3 border-b border-line bg-paper px-4 sm:gap-6 sm:px-8 md:sticky md:top-0">
      <a
        href="#main"
        className="sr-only rounded-md bg-panel px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-40"
      >
        Skip to the content
      </a>
      <Anchor
        href="/"
        className="-mx-1.5 flex h-9 items-center gap-2.5 px-1.5 font-semibold tracking-[-0.01em] no-underline"
      >
        <MarkIcon />
        <span className={children ? "sr-only sm:not-sr-only" : ""}>{project.name}</span>
      </Anchor>
      {children}
      <div className="ml-auto flex min-w-0 items-center gap-1">
        <ThemeSwitch />
        {end}
      </div>
    </header>
  );
}
