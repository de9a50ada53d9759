/** Where to go after signing in, when nothing else was asked for. */
export const HOME = "/tasks";

const BASE = "http://local.invalid";

/** `next` as a path on this site, or HOME: an address elsewhere (`//evil`, `/\evil`, `https:`) never gets through. */
export function safeNext(next: string | string[] | null | undefined): string {
  if (typeof next !== "string" || !next.startsWith("/")) return HOME;
  try {
    const { origin, pathname, search, hash } = new URL(next, BASE);
    const path = pathname + search + hash;
    // again as it will be read: of `/..//evil` the path that remains is `//evil`
    return origin === BASE && new URL(path, BASE).origin === BASE ? path : HOME;
  } catch {
    return HOME;
  }
}

export function signInPath(next: string): string {
  return `/sign-in?next=${encodeURIComponent(next)}`;
}
