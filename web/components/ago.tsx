"use client";

import { useEffect, useState } from "react";

import { ago } from "@/lib/format";

const MINUTE_MS = 60_000;

/** How long ago something was, to the minute. The server's minute and the browser's may differ. */
export function Ago({
  time,
  className = "hidden text-right text-sm text-ink-3 sm:block",
}: {
  time: string;
  className?: string;
}) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={time} className={className} suppressHydrationWarning>
      {ago(time, now)}
    </time>
  );
}
