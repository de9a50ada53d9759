"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";

import { buttonClass } from "./button";

export interface ConfirmProps {
  title: string;
  children: ReactNode;
  keep: string;
  confirm: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** A question before what can't be taken back. Mounted when it is asked; Esc and `keep` do nothing and close it. */
export function Confirm({ title, children, keep, confirm, onConfirm, onClose }: ConfirmProps) {
  return (
    <AlertDialog.Root
      defaultOpen
      onOpenChangeComplete={(open) => {
        if (!open) onClose();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-30 bg-[oklch(0%_0_0/0.35)] transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <AlertDialog.Popup className="fixed top-1/2 left-1/2 z-30 w-[min(26rem,calc(100vw-2rem))] -translate-1/2 rounded-xl border border-line bg-panel p-6 shadow-float transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
          <AlertDialog.Title className="text-lg">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-ink-2">{children}</AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <AlertDialog.Close className={buttonClass()}>{keep}</AlertDialog.Close>
            <AlertDialog.Close className={buttonClass("danger")} onClick={onConfirm}>
              {confirm}
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
