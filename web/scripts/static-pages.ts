// After `next build`: names every script of the pages that it rendered beforehand, whose HTML can carry no nonce.
//   node scripts/static-pages.ts    beside next.config.ts, with `output: "standalone"`
import { createHash } from "node:crypto";
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Pages that are meant to be the same for everybody. */
const MEANT = new Set(["/", "/_not-found"]);
/** What Next shows when it can't even render an error: full of inline styles, and with a button that needs no script. */
const LAST_RESORT = "/_global-error";

/** What the server reads: web/lib/security/static-pages.ts. */
export interface StaticPages {
  /** By path, the sources of a policy that allow what is in the page, and nothing else. */
  pages: Record<string, string[]>;
  /** Regular expressions of the paths that are rendered for each request. All others are the not-found page. */
  rendered: string[];
}

const hashOf = (content: string | Buffer): string => `sha256-${createHash("sha256").update(content).digest("base64")}`;

const BASE = "http://site.invalid";
const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script>/g;
const PRELOAD = /<link\b(?=[^>]*\bas="script")([^>]*?)\/?>/g;

/**
 * The page with an `integrity` on each script that it loads, by which a policy knows it, and the hashes of all its
 * scripts. `read` gives a file by its address. Throws for what no policy could allow.
 */
export function withHashes(html: string, read: (address: string) => Buffer): { html: string; hashes: string[] } {
  const hashes = new Set<string>();
  const marked = (attributes: string, address: string): string => {
    const hash = hashOf(read(address));
    hashes.add(hash);
    return `${attributes.replace(/\s+integrity="[^"]*"/, "").trimEnd()} integrity="${hash}"`;
  };
  const whole = html
    .replace(SCRIPT, (tag, attributes: string, body: string) => {
      const address = /\ssrc="([^"]*)"/.exec(attributes)?.[1];
      if (address !== undefined) return `<script${marked(attributes, address)}></script>`;
      hashes.add(hashOf(body));
      return tag;
    })
    .replace(PRELOAD, (_, attributes: string) => {
      const address = /\shref="([^"]*)"/.exec(attributes)?.[1] ?? "";
      return `<link${marked(attributes, address)}/>`;
    });
  const inline = /<[a-z][^>]*\s(style|on[a-z]+)=/i.exec(whole.replace(SCRIPT, ""));
  if (inline) throw new Error(`an inline ${inline[1]} attribute, which the policy forbids: ${inline[0].slice(0, 120)}`);
  if (/<style\b/i.test(whole.replace(SCRIPT, ""))) throw new Error("a <style> element, which the policy forbids");
  return { html: whole, hashes: [...hashes] };
}

/** The page without a script or a style of its own. */
export const bare = (html: string): string =>
  html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, "")
    .replace(/<link\b(?=[^>]*\brel="preload")[^>]*>/g, "")
    .replace(/(<[a-z][^>]*?)\s+style="[^"]*"/g, "$1");

interface Route {
  page: string;
  regex: string;
}

function main(): void {
  const next = join(import.meta.dirname, "..", ".next");
  const site = join(next, "standalone", "web", ".next");
  const manifest = (name: string) => readFileSync(join(next, `${name}-manifest.json`), "utf8");
  const { routes }: { routes: Record<string, { routeType: string }> } = JSON.parse(manifest("prerender"));
  const { staticRoutes, dynamicRoutes }: Record<string, Route[]> = JSON.parse(manifest("routes"));

  const made = Object.keys(routes).filter((path) => routes[path]!.routeType === "page" && path !== LAST_RESORT);
  const others = made.filter((path) => !MEANT.has(path));
  if (others.length > 0)
    throw new Error(
      `${others.join(", ")}: rendered by the build, so that its scripts carry no nonce. ` +
        "Have it await connection(), or name it in web/scripts/static-pages.ts if it is the same for everybody.",
    );

  const rewrite = (name: string, change: (html: string) => string) => {
    const file = join(site, "server", name);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  };
  const fileAt = (address: string) => readFileSync(join(next, new URL(address, BASE).pathname.replace("/_next/", "")));
  const pages: StaticPages["pages"] = { [LAST_RESORT]: [] };
  for (const path of made)
    rewrite(`app/${path === "/" ? "index" : path.slice(1)}.html`, (before) => {
      const { html, hashes } = withHashes(before, fileAt);
      pages[path] = hashes.map((hash) => `'${hash}'`);
      return html;
    });
  for (const name of [`app${LAST_RESORT}.html`, "pages/500.html"]) rewrite(name, bare);

  const rendered = [...staticRoutes!, ...dynamicRoutes!].filter(({ page }) => !(page in routes));
  const left: StaticPages = { pages, rendered: rendered.map(({ regex }) => regex) };
  writeFileSync(join(site, "static-pages.json"), JSON.stringify(left));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
