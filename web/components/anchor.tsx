import type { ComponentProps } from "react";

/** A link that loads its page anew. For pages that are to carry no router's link: the landing page and the errors. */
export function Anchor({ href, children, ...props }: ComponentProps<"a"> & { href: string }) {
  return (
    <a href={href} {...props}>
      {children}
    </a>
  );
}
