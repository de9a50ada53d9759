"use client";

import { PageMessage } from "@/components/page-message";
import { Button } from "@/components/ui/button";

import "./globals.css";

/** Stands in for the root layout when that itself failed. */
export default function GlobalError({ retry }: { retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Something failed</title>
        <PageMessage
          title="Something failed before the page began."
          action={
            <Button look="main" onClick={retry}>
              Try again
            </Button>
          }
        >
          Nothing that was written is lost: tasks go on without this page.
        </PageMessage>
      </body>
    </html>
  );
}
