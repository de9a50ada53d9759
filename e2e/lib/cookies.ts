/** What the stack may keep in a browser: two tokens, for seconds that they are new, and sign-ins at providers under way. */
import { type BrowserContext, expect } from "@playwright/test";

import { site } from "./site.ts";

const OURS = /^(__Host-)?slipstream_(access|refresh|renewed|oauth_[0-9a-f]{16})$/;

/** Passes when every cookie of the site's is one of ours, with the contract's attributes. */
export async function keepsOnlyOurCookies(context: BrowserContext): Promise<void> {
  const isSecure = site.url.startsWith("https:");
  for (const cookie of await context.cookies(site.url)) {
    const { name, path, httpOnly, secure, sameSite, domain } = cookie;
    expect(name, "a cookie of the site's").toMatch(OURS);
    expect({ name, path, httpOnly, secure, sameSite, domain }).toEqual({
      name,
      path: "/",
      httpOnly: true,
      secure: isSecure,
      sameSite: "Lax",
      // of this host alone: with a Domain it would begin with a dot
      domain: new URL(site.url).hostname,
    });
    expect(name.startsWith("__Host-")).toBe(isSecure);
  }
}
