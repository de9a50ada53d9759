/** Where to go after signing in, when nothing else was asked for. */
export const HOME = "/tasks";

const BASE = "http://local.invalid";

/** `next` as a path on this site, or HOME: an address elsewhere (`//evil`, `/\evil`, `https:`) never gets through. */
export function safeNext(next: string | string[] | null | undefined): string {
  if (typeof next !== "string" || !next.startsWith("/")) return HOME;
  try {
    const url = new URL(next, BASE);
    return url.origin === BASE ? url.pathname + url.search + url.hash : HOME;
  } catch {
    return HOME;
  }
}

export function signInPath(next: string): string {
  return `/sign-in?next=${encodeURIComponent(next)}`;
}
