"use client";

import { useId } from "react";

import { CopyButton } from "@/components/copy-button";
import { Button } from "@/components/ui/button";
import { inputClass } from "@/components/ui/field";
import { Outcome } from "@/components/ui/outcome";

import type { NewApiKey } from "./queries";

/** The key itself: in this page's memory only, until it is put away. */
export function NewKey({ made, onDone }: { made: NewApiKey; onDone: () => void }) {
  const id = useId();
  return (
    <Outcome title={`The key “${made.name}” is made.`}>
      <p>Copy it now. It is shown this once, and can't be shown again: only its fingerprint is kept.</p>
      <div className="grid gap-1.5">
        <label htmlFor={id} className="font-medium text-ink">
          Key
        </label>
        <div className="flex flex-wrap gap-2">
          <input
            id={id}
            readOnly
            spellCheck={false}
            autoComplete="off"
            value={made.key}
            onFocus={(event) => event.currentTarget.select()}
            className={`${inputClass} h-9 min-w-0 flex-1 basis-60 font-mono text-sm`}
          />
          <CopyButton text={made.key} />
        </div>
      </div>
      <p>
        It goes with every request as <code className="font-mono text-sm">Authorization: Bearer …</code>
      </p>
      <div>
        <Button onClick={onDone}>I have it</Button>
      </div>
    </Outcome>
  );
}
