"use client";

import "./globals.css";

/** Stands in for the root layout when that itself failed. Every page carries it, so it is small. */
export default function GlobalError({ retry }: { retry: () => void }) {
  return (
    <html lang="en">
      <body className="mx-auto max-w-xl px-4 py-32">
        <title>Something failed</title>
        <h1 className="text-2xl">Something failed before the page began.</h1>
        <p className="my-4 text-lg text-ink-2">Nothing that was written is lost: tasks go on without this page.</p>
        <button type="button" className="underline" onClick={retry}>
          Try again
        </button>
      </body>
    </html>
  );
}
