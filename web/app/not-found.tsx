import type { Metadata } from "next";

import { Anchor } from "@/components/anchor";
import { Header } from "@/components/header";
import { PageMessage } from "@/components/page-message";
import { buttonClass } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <>
      <Header />
      <PageMessage
        code="404"
        title="There is no such page."
        action={
          <Anchor href="/" className={buttonClass("main")}>
            To the start
          </Anchor>
        }
      >
        It may have been moved, or the address has a slip in it.
      </PageMessage>
    </>
  );
}
