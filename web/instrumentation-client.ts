import { themeScript } from "./lib/theme";

const FILES = `${location.origin}/_next/static/`;
/** What React makes a script element of, and the one whose text stands in the head. */
const HTML = new Set(["<script></script>", themeScript]);

/**
 * Where the policy requires it, nothing else becomes markup or code, and no script is loaded but those of the build.
 * Runs before what React and we do; there is no second policy of this name that could say otherwise.
 */
Object(window).trustedTypes?.createPolicy("default", {
  createHTML: (html: string) => (HTML.has(html) ? html : null),
  createScript: (script: string) => (script === themeScript ? script : null),
  createScriptURL: (url: string) => (new URL(url, location.href).href.startsWith(FILES) ? url : null),
});
