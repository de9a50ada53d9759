"use client";

import { Anchor } from "@/components/anchor";
import { PageMessage } from "@/components/page-message";
import { Button, buttonClass } from "@/components/ui/button";

export default function ErrorPage({ retry }: { retry: () => void }) {
  return (
    <PageMessage
      title="This page could not be shown."
      action={
        <>
          <Button look="main" onClick={retry}>
            Try again
          </Button>
          <Anchor href="/" className={buttonClass()}>
            To the start
          </Anchor>
        </>
      }
    >
      The server may be restarting. Nothing that was written is lost: tasks go on without this page.
    </PageMessage>
  );
}
