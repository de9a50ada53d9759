import { DownIcon } from "@/components/icons";
import { buttonClass } from "@/components/ui/button";

export const triggerClass = `${buttonClass("quiet")} min-w-0 max-w-48 max-sm:px-2`;

/** Of the first and of the last word. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [...new Set([words.at(0), words.at(-1)])].map((word) => /^./u.exec(word ?? "")?.[0] ?? "").join("");
}

/**
 * What the account menu's button shows, before and after the menu's code is there. On a phone there is room for the
 * first letters only; the name is read there all the same.
 */
export function Face({ name }: { name: string }) {
  return (
    <>
      <span className="truncate leading-normal max-sm:sr-only">{name}</span>
      <span aria-hidden="true" className="uppercase sm:hidden">
        {initials(name)}
      </span>
      <DownIcon />
    </>
  );
}
