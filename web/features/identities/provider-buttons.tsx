import { buttonClass } from "@/components/ui/button";

import type { ProviderOption } from "./errors";
import { startPath } from "./paths";

interface ProviderButtonsProps {
  providers: readonly ProviderOption[];
  /** Where a new session begins. */
  next: string;
}

/** The ways in that need no password here. Nothing, where none is configured. */
export function ProviderButtons({ providers, next }: ProviderButtonsProps) {
  if (providers.length === 0) return null;
  return (
    <div className="grid gap-5">
      <div className="grid gap-2.5">
        {providers.map(({ id, name }) => (
          <a key={id} href={startPath(id, { next })} className={buttonClass("plain", "large")}>
            Continue with {name}
          </a>
        ))}
      </div>
      <p className="flex items-center gap-3 text-sm text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </p>
    </div>
  );
}
