"use client";

import { Suspense, lazy, useState } from "react";

import type { Schema } from "@/lib/api/types";

import { Face, triggerClass } from "./account-face";

const load = () => import("./account-menu-popup");
const AccountMenuPopup = lazy(async () => ({ default: (await load()).AccountMenuPopup }));

/** The visitor's name. What opens below it (60 KB) is fetched when a pointer comes near or it is pressed. */
export function AccountMenu({ user }: { user: Schema<"User"> }) {
  const [asked, setAsked] = useState(false);
  const closed = (
    <button
      type="button"
      className={triggerClass}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onClick={() => setAsked(true)}
    >
      <Face name={user.name} />
    </button>
  );
  if (!asked) return closed;
  return (
    <Suspense fallback={closed}>
      <AccountMenuPopup user={user} />
    </Suspense>
  );
}
