/**
 * What becomes of a visit whose access token has run out, before a page is made: a page can't set cookies while it is
 * rendered. The visit is sent to the same address again with the new ones. They are never used here: had this answer
 * been lost, the old refresh token would then be refused as used.
 *
 * No visit goes round: the way back carries `renewed`, and a cookie for some seconds. With the cookie the address is
 * cleaned and the page made, whatever the token says (this machine's clock may be wrong; the API decides). Without it
 * cookies aren't kept, and that visit ends on the sign-in page.
 */
import { type NextRequest, NextResponse } from "next/server";

import { apiUrl, siteUrl } from "../env";
import { signInPath } from "../paths";
import { cookieNames } from "../project";
import { lifeOf } from "./token";

const PROTECTED = /^\/(admin|design|settings|tasks)(\/|$)/;
const VISITORS = /^\/(register|sign-in)\/?$/;
const RENEWED = "renewed";
const MARK_SECONDS = 10;
const TIMEOUT_MS = 5000;

/** Where to go instead, or null: the page itself. On some way to it there are cookies to set: `cookies`. */
export interface Detour {
  redirect: NextResponse | null;
  cookies: readonly string[];
}

const straight: Detour = { redirect: null, cookies: [] };

export async function detour(request: NextRequest): Promise<Detour> {
  const { pathname } = request.nextUrl;
  const isProtected = PROTECTED.test(pathname);
  if (request.method !== "GET" || !(isProtected || VISITORS.test(pathname))) return straight;

  const asked = request.nextUrl.searchParams.has(RENEWED);
  const here = addressOf(request);
  const mark = find(request, "renewed");
  if (asked) {
    if (mark) return to(request, here);
    return isProtected ? to(request, `${signInPath(here)}&${RENEWED}`) : straight;
  }
  // The sign-in page is also where a token leads that hasn't run out, but that the API refuses.
  if (isProtected && (lifeOf(find(request, "access")?.value)?.left ?? 0) > 0) return straight;
  const refresh = find(request, "refresh");
  if (!refresh) return isProtected ? to(request, signInPath(here)) : straight;
  if (mark) return straight;

  const answer = await renew(request);
  if (answer?.status === 401) {
    const cookies = answer.headers.getSetCookie();
    return isProtected ? to(request, signInPath(here), cookies) : { redirect: null, cookies };
  }
  // The API is away: the page says so.
  if (!answer?.ok) return straight;
  const name = refresh.name.replace(/refresh$/, "renewed");
  const secure = name.startsWith("__Host-") ? "; Secure" : "";
  const kept = `${name}=1; Max-Age=${MARK_SECONDS}; Path=/; HttpOnly; SameSite=Lax${secure}`;
  return to(request, `${here}${here.includes("?") ? "&" : "?"}${RENEWED}`, [...answer.headers.getSetCookie(), kept]);
}

function find(request: NextRequest, kind: "access" | "refresh" | "renewed") {
  const cookies = cookieNames(kind).map((name) => request.cookies.get(name));
  return cookies.find((cookie) => cookie !== undefined && cookie.value !== "");
}

/** Path and query, without what we put there. */
function addressOf({ nextUrl }: NextRequest): string {
  const query = nextUrl.search
    .slice(1)
    .split("&")
    .filter((pair) => pair !== "" && pair.replace(/=.*/, "") !== RENEWED);
  return nextUrl.pathname + (query.length > 0 ? `?${query.join("&")}` : "");
}

function to(request: NextRequest, path: string, cookies: readonly string[] = []): Detour {
  const redirect = NextResponse.redirect(new URL(path, request.url), 307);
  redirect.headers.set("cache-control", "no-store");
  return { redirect, cookies };
}

/** Null when there was no answer. */
async function renew({ headers: given }: NextRequest): Promise<Response | null> {
  // `Origin` is what the API asks of whoever wants cookies; which page led here doesn't matter to a renewal.
  const headers = new Headers({ origin: siteUrl() });
  for (const name of ["cookie", "user-agent", "x-forwarded-for", "x-request-id"]) {
    const value = given.get(name);
    if (value) headers.set(name, value);
  }
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(`${apiUrl()}/api/v1/auth/refresh`, { method: "POST", headers, signal, cache: "no-store" });
  } catch {
    return null;
  }
}
