"use client";

import { type ReactNode, Suspense, lazy, useState } from "react";

import { Button } from "./button";
import type { ConfirmProps } from "./confirm";

const load = () => import("./confirm");
const Confirm = lazy(async () => ({ default: (await load()).Confirm }));

interface ConfirmButtonProps extends Omit<ConfirmProps, "children" | "onClose"> {
  children: ReactNode;
  question: ReactNode;
  disabled?: boolean;
}

/** A button that asks first. The dialog is fetched when a pointer or the focus comes near. */
export function ConfirmButton({ children, question, disabled, ...confirm }: ConfirmButtonProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => setAsking(true)}
        disabled={disabled}
      >
        {children}
      </Button>
      {asking && (
        <Suspense>
          <Confirm {...confirm} onClose={() => setAsking(false)}>
            {question}
          </Confirm>
        </Suspense>
      )}
    </>
  );
}
