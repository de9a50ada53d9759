import { DownIcon } from "@/components/icons";
import { buttonClass } from "@/components/ui/button";

export const triggerClass = `${buttonClass("quiet")} min-w-0 max-w-48`;

/** What the account menu's button shows, before and after the menu's code is there. */
export function Face({ name }: { name: string }) {
  return (
    <>
      <span className="truncate leading-normal">{name}</span>
      <DownIcon />
    </>
  );
}
