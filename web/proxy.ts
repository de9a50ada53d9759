import { type NextRequest, NextResponse } from "next/server";

import { apiUrl } from "./lib/env";
import { signInPath } from "./lib/paths";
import { sessionCookies } from "./lib/project";

/** Stands in for nginx where there is none: same origin, and the target is read at run time. */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  if (/^\/(api|ws)\//.test(pathname)) return NextResponse.rewrite(new URL(pathname + search, apiUrl()));
  // Saves a signed-out visitor a detour. The guard is the API.
  if (sessionCookies.some((name) => request.cookies.has(name))) return NextResponse.next();
  return NextResponse.redirect(new URL(signInPath(pathname + search), request.url));
}

export const config = { matcher: ["/api/:path*", "/ws/:path*", "/tasks/:path*", "/design/:path*"] };
