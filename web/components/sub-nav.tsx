import { NavLink } from "@/components/nav-link";

export interface Place {
  href: string;
  name: string;
}

/** The pages of one area. Beside them where there is room, else above them in as many lines as it takes. */
export function SubNav({ label, places }: { label: string; places: readonly Place[] }) {
  return (
    <nav aria-label={label} className="-mx-2.5 md:sticky md:top-24 md:self-start">
      <p className="mb-2 px-2.5 text-sm text-ink-3" aria-hidden="true">
        {label}
      </p>
      <ul className="flex flex-wrap gap-x-1 gap-y-0.5 md:flex-col">
        {places.map(({ href, name }) => (
          <li key={href} className="flex md:grid">
            <NavLink href={href}>{name}</NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
