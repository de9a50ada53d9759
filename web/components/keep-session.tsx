"use client";

import { useEffect, useState } from "react";

import { signInPath } from "@/lib/paths";
import { keepSession } from "@/lib/session/keep";
import { watchOver } from "@/lib/session/over";
import type { Life } from "@/lib/session/token";

import { Anchor } from "./anchor";
import { buttonClass } from "./ui/button";
import { Notice } from "./ui/notice";

/**
 * Keeps the visitor signed in. When that is over it leads to the sign-in page and back, once, and by itself where
 * nothing was written that would be lost.
 */
export function KeepSession({ life }: { life: Life | null }) {
  const [way, setWay] = useState<string | null>(null);

  useEffect(() => (life ? keepSession(life) : undefined), [life]);
  useEffect(() => {
    const unwatch = watchOver(() => {
      unwatch();
      const path = signInPath(location.pathname + location.search);
      if (hasDraft()) setWay(path);
      else location.replace(path);
    });
    return unwatch;
  }, []);

  if (way === null) return null;
  return (
    <div className="fixed inset-x-4 bottom-4 z-30 mx-auto max-w-2xl rounded-lg bg-panel shadow-float">
      <Notice
        title="You are signed out."
        action={
          <Anchor href={way} className={buttonClass("main")}>
            Sign in
          </Anchor>
        }
      >
        What you have written is still here. Sign in again to go on.
      </Notice>
    </div>
  );
}

/** Whether something is written in a field. (React keeps what a field began with equal to what is in it.) */
function hasDraft(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "textarea, input:not([type=hidden])",
  );
  return [...fields].some(({ type, value }) => type !== "checkbox" && type !== "radio" && value !== "");
}
