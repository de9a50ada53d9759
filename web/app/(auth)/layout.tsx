import type { ReactNode } from "react";

import { Header } from "@/components/header";
import { Providers } from "@/components/providers";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <Providers>
      <Header />
      <main id="main" className="mx-auto grid max-w-md gap-8 px-4 pt-12 pb-24 sm:pt-20">
        {children}
      </main>
    </Providers>
  );
}
