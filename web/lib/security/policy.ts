/** What a page of ours may load, run and talk to. */
import { createHash } from "node:crypto";

import { themeScript } from "../theme";

/** Where browsers tell of what a policy stopped. */
const REPORTS = "/api/v1/reports/csp";

const isDevelopment = process.env.NODE_ENV === "development";

const RULES = [
  "default-src 'none'",
  // The page's own sockets too: 'self' covers ws: and wss: of the same host.
  "connect-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "manifest-src 'self'",
  // No nonce, no attributes. What is set at run time by an element's `style` isn't touched by this.
  `style-src 'self'${isDevelopment ? " 'unsafe-inline'" : ""}`,
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  // No string becomes markup, code or a script's address but what instrumentation-client.ts lets through.
  ...(isDevelopment ? [] : ["require-trusted-types-for 'script'", "trusted-types default nextjs"]),
  `report-uri ${REPORTS}`,
  "report-to csp",
].join("; ");

const hash = (script: string): string => `'sha256-${createHash("sha256").update(script).digest("base64")}'`;

/** The script in every page's head, which is always the same: so is its hash. */
const HEAD = hash(themeScript);

/** The policy of a page whose scripts these sources allow, and what those scripts load. */
export const pagePolicy = (sources: readonly string[]): string =>
  `script-src 'strict-dynamic' ${sources.join(" ")}${isDevelopment ? " 'unsafe-eval'" : ""}; ${RULES}`;

/** For a page that is rendered for this request. Next finds the nonce in it and puts it on its scripts. */
export const noncePolicy = (nonce: string): string => pagePolicy([`'nonce-${nonce}'`, HEAD]);

export const REPORTING = `csp="${REPORTS}"`;
