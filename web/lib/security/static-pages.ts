/** The pages that the build rendered, as its last step left word of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { StaticPages } from "../../scripts/static-pages";
import { type Check, list, string } from "../api/check";

const isSources = /* @__PURE__ */ list(string);

const isStaticPages: Check<StaticPages> = (value): value is StaticPages => {
  const { pages, rendered } = Object(value);
  return (
    isSources(rendered) && Object.values(Object(pages)).every(isSources) && isSources(Object(pages)["/_not-found"])
  );
};

/** What the build left word of. Throws when it didn't: a build without its last step is no build. */
export function readStaticPages(folder = process.cwd()): StaticPages {
  const read: unknown = JSON.parse(
    readFileSync(join(/* turbopackIgnore: true */ folder, ".next", "static-pages.json"), "utf8"),
  );
  if (!isStaticPages(read)) throw new Error("static-pages.json isn't what scripts/static-pages.ts writes.");
  return read;
}

/** Tells by a path the sources of the page's scripts; null for a page that is rendered for each request. */
export function scriptSources({ pages, rendered }: StaticPages): (path: string) => readonly string[] | null {
  const isRendered = rendered.map((regex) => new RegExp(regex));
  return (path) => {
    if (Object.hasOwn(pages, path)) return pages[path] ?? null;
    if (isRendered.some((regex) => regex.test(path))) return null;
    return pages["/_not-found"] ?? null;
  };
}
