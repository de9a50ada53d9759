/** What the web server reads from its environment. Functions, so that nothing is baked in by a build. */

/** Where the API listens; only this server uses it, browsers stay on their own origin. */
export function apiUrl(): string {
  return process.env.API_URL ?? `http://127.0.0.1:${process.env.API_PORT ?? "8000"}`;
}

/** The address that visitors type, without a slash at its end. */
export function siteUrl(): string {
  const url = process.env.SITE_URL ?? `http://localhost:${process.env.WEB_PORT ?? "3000"}`;
  return url.replace(/\/+$/, "");
}

function isDevelopment(): boolean {
  const fallback = process.env.NODE_ENV === "production" ? "production" : "development";
  return (process.env.ENVIRONMENT ?? fallback) === "development";
}

/** What makes browsers remember that this site is https only; null where it isn't, or that shouldn't be remembered. */
export function hstsOf(): string | null {
  const seconds = process.env.HSTS_SECONDS || "15768000";
  if (isDevelopment() || seconds === "0" || !siteUrl().startsWith("https://")) return null;
  return `max-age=${seconds}`;
}

export interface DemoUser {
  email: string;
  password: string;
}

/** The seeded user whom one click signs in, in development only; the defaults are the API's settings. */
export function demoUser(): DemoUser | null {
  if (!isDevelopment()) return null;
  return {
    email: process.env.DEMO_EMAIL ?? "demo@example.com",
    password: process.env.DEMO_PASSWORD ?? "slip into the stream",
  };
}

/** Whether the design page may stream; `USE_STREAMING` says no as the API's settings read it. */
export function streamingAllowed(): boolean {
  return !/^(0|false|no|off|n|f)$/i.test(process.env.USE_STREAMING?.trim() ?? "");
}
