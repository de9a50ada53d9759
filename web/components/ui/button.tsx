import type { ComponentProps } from "react";

type Look = "plain" | "main" | "quiet" | "danger";
type Size = "normal" | "large" | "icon";

const base =
  "inline-flex items-center justify-center gap-2 rounded-md border font-medium leading-none whitespace-nowrap no-underline " +
  "transition-colors select-none disabled:not-data-asleep:opacity-55 aria-disabled:opacity-55";

const looks: Record<Look, string> = {
  plain: "border-line bg-panel text-ink enabled:hover:bg-sunken [a&]:hover:bg-sunken",
  main: "border-transparent bg-accent text-accent-ink enabled:hover:bg-accent-strong [a&]:hover:bg-accent-strong",
  quiet:
    "border-transparent bg-transparent text-ink-2 enabled:hover:bg-sunken enabled:hover:text-ink [a&]:hover:bg-sunken [a&]:hover:text-ink",
  danger: "border-line bg-panel text-stop enabled:hover:bg-stop-wash",
};

const sizes: Record<Size, string> = {
  normal: "h-9 px-3.5",
  large: "h-11 px-4.5 text-lg",
  icon: "size-9 shrink-0",
};

/** The look of a button, for links that are one. */
export function buttonClass(look: Look = "plain", size: Size = "normal"): string {
  return `${base} ${looks[look]} ${sizes[size]}`;
}

interface ButtonProps extends Omit<ComponentProps<"button">, "className"> {
  look?: Look;
  size?: Size;
  /** False while the page is the server's yet: not to be pressed, and looking as ever, since that is a moment. */
  awake?: boolean;
}

export function Button({ look, size, type = "button", awake = true, disabled, ...props }: ButtonProps) {
  return (
    <button
      type={type}
      className={buttonClass(look, size)}
      disabled={disabled === true || !awake}
      data-asleep={awake ? undefined : ""}
      {...props}
    />
  );
}
