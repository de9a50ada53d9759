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
