import { useEffect, useState } from "react";

import { isRefused } from "@/lib/api/problem";

/** Whether a link was refused for good: used, replaced, expired, or never one. */
export const isNoGood = (error: unknown): boolean =>
  isRefused<"verifyEmail">(error, "link_invalid") || isRefused<"verifyEmail">(error, "link_expired");

/** `#token=…` of the address, which is then taken out of it: neither the history nor a copied address keeps it. */
function takeToken(): string | null {
  const token = new URLSearchParams(window.location.hash.slice(1)).get("token");
  if (token === null) return null;
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  return token;
}

/**
 * The secret of the link that a mail brought somebody here with; undefined before the page has looked, null without one.
 * It is in the fragment, which no server, log or referrer sees. Nothing is sent until a button is pressed: what opens
 * the links of mails before people do, scripts and all, spends none.
 */
export function useLinkToken(): string | null | undefined {
  const [token, setToken] = useState<string | null>();
  useEffect(() => {
    const look = () => setToken((old) => takeToken() ?? old ?? null);
    look();
    // A second link opened over this page changes nothing but the fragment.
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  return token;
}
