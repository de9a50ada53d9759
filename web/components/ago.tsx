"use client";

import { useState } from "react";

import { ago } from "@/lib/format";

/** How long ago something was, when it was rendered. The server's minute and the browser's may differ. */
export function Ago({ time }: { time: string }) {
  const [now] = useState(Date.now);
  return (
    <time dateTime={time} className="hidden text-right text-sm text-ink-3 sm:block" suppressHydrationWarning>
      {ago(time, now)}
    </time>
  );
}
