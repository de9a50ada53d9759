import type { Metadata } from "next";

import { PageTitle } from "@/components/page-title";
import { DesignPage } from "@/features/design/design-page";
import { streamingAllowed } from "@/lib/env";

export const metadata: Metadata = { title: "Design" };

// The switch is the deployment's, not the build's.
export const dynamic = "force-dynamic";

export default function Page() {
  return (
    <main id="main" className="mx-auto grid max-w-[52rem] grid-cols-1 gap-5 px-4 pt-10 pb-24 sm:px-8 md:pt-16">
      <div className="grid gap-2">
        <PageTitle className="text-2xl">Design something now.</PageTitle>
        <p className="text-ink-2">
          Written while you look on, and kept nowhere: leave the page and it stops. A task is what stays.
        </p>
      </div>
      <DesignPage allowed={streamingAllowed()} />
    </main>
  );
}
