"use client";

import { type ComponentType, useEffect, useState } from "react";

const RETRY_MS = 5_000;

/** The feed and its notices, fetched after the page that they keep true: it is complete without them. */
export function TaskNews() {
  const [Notices, setNotices] = useState<ComponentType | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fetchIt = () =>
      import("./task-notices").then(
        ({ TaskNotices }) => setNotices(() => TaskNotices),
        () => (timer = setTimeout(() => void fetchIt(), RETRY_MS)),
      );
    void fetchIt();
    return () => clearTimeout(timer);
  }, []);
  return Notices && <Notices />;
}
