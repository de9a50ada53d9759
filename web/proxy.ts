import { randomBytes } from "node:crypto";

import { type NextRequest, NextResponse } from "next/server";

import { apiUrl, hstsOf } from "./lib/env";
import { REPORTING, noncePolicy, pagePolicy } from "./lib/security/policy";
import { readStaticPages, scriptSources } from "./lib/security/static-pages";
import { detour } from "./lib/session/detour";

// In development every page is rendered when it is asked for.
const sourcesOf = process.env.NODE_ENV === "production" ? scriptSources(readStaticPages()) : () => null;

/**
 * Stands in for nginx where there is none: same origin, and the target is read at run time. Pages get their policy, and
 * visitors whose token has run out a new one. That saves a detour; the guard is the API.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { pathname, search } = request.nextUrl;
  if (/^\/(api|ws)\//.test(pathname)) return NextResponse.rewrite(new URL(pathname + search, apiUrl()));

  const { redirect, cookies } = await detour(request);
  const response = redirect ?? page(request);
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  const hsts = hstsOf();
  if (hsts) response.headers.set("strict-transport-security", hsts);
  return response;
}

/** The page, with its policy: by the hashes of its scripts where the build rendered it, else by a nonce. */
function page(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers);
  // Next would take a nonce from these, whoever sent them.
  headers.delete("content-security-policy-report-only");
  headers.delete("content-security-policy");
  const sources = sourcesOf(request.nextUrl.pathname);
  const policy = sources ? pagePolicy(sources) : noncePolicy(randomBytes(16).toString("base64"));
  if (!sources) headers.set("content-security-policy", policy);

  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("reporting-endpoints", REPORTING);
  if (sources) {
    // Next would have caches keep what the build rendered for a year: the next deploy's scripts have other hashes.
    response.headers.set("cache-control", "public, max-age=0, must-revalidate");
    // nginx alone may keep it, for a second.
    response.headers.set("x-accel-expires", "1");
  }
  return response;
}

// Files and probes have what next.config.ts gives to all.
export const config = {
  matcher: "/((?!_next/static/|healthz$|robots\\.txt$|sitemap\\.xml$|favicon\\.ico$|icon\\.svg$|apple-icon\\.png$).*)",
};
