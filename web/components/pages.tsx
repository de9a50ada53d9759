import { AppLink } from "@/components/app-link";
import { buttonClass } from "@/components/ui/button";

interface PagesProps {
  label: string;
  /** Where the list begins, when this isn't its beginning. */
  newest: string | null;
  older: string | null;
}

/** The way through a list that comes in pages by cursor: back to its beginning, and on. */
export function Pages({ label, newest, older }: PagesProps) {
  if (newest === null && older === null) return null;
  return (
    <nav aria-label={label} className="flex justify-between gap-2">
      {newest === null ? (
        <span />
      ) : (
        <AppLink href={newest} className={buttonClass()}>
          Newest
        </AppLink>
      )}
      {older !== null && (
        <AppLink href={older} className={buttonClass()}>
          Older
        </AppLink>
      )}
    </nav>
  );
}
