import type { ReactNode } from "react";

import { PageTitle } from "@/components/page-title";

import { type Place, SubNav } from "./sub-nav";

/** Pages that belong together, with the way from one to the other. */
export function Area({ label, places, children }: { label: string; places: readonly Place[]; children: ReactNode }) {
  return (
    <div className="mx-auto grid max-w-[62rem] grid-cols-1 gap-x-12 gap-y-8 px-4 pt-8 pb-24 sm:px-8 md:grid-cols-[11rem_minmax(0,1fr)] md:pt-14">
      <SubNav label={label} places={places} />
      <main id="main" className="grid min-w-0 content-start gap-8">
        {children}
      </main>
    </div>
  );
}

/** The title of one of them, and what it is for in a sentence. */
export function AreaTitle({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="grid max-w-[60ch] gap-2">
      <PageTitle className="text-2xl">{title}</PageTitle>
      {children && <p className="text-ink-2">{children}</p>}
    </div>
  );
}
