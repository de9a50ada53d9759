"use client";

import { useEffect, useState } from "react";

import { Button } from "@/components/ui/button";

const SHOWN_MS = 2_000;

/** Copies the Markdown as it came, and says so where the eye already is. */
export function CopyButton({ text }: { text: string }) {
  const [label, setLabel] = useState("Copy");

  useEffect(() => {
    if (label === "Copy") return;
    const timer = setTimeout(() => setLabel("Copy"), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [label]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setLabel("Copied");
    } catch {
      // No clipboard over plain http, or no leave: the download is beside it.
      setLabel("Can't copy");
    }
  }

  return (
    <Button disabled={text === ""} onClick={() => void copy()}>
      <span aria-live="polite">{label}</span>
    </Button>
  );
}
