import { fileURLToPath } from "node:url";

import type { NextConfig } from "next";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What holds for every page and file of ours. The API's answers bring their own. */
const SECURITY = {
  // For all that is no page, and for a page that nobody thought of. proxy.ts has the pages' own.
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Next lets nobody keep these, and a browser asks for its icon at every change of page, twice. */
const ICONS = { source: "/(favicon\\.ico|icon\\.svg|apple-icon\\.png)", keep: "public, max-age=86400" };

const config: NextConfig = {
  output: "standalone",
  // One workspace: without these Next looks for a lock file upwards and traces from the wrong folder.
  outputFileTracingRoot: root,
  turbopack: { root },
  reactStrictMode: true,
  // Its badge would lie on what a page has in its corner; errors are shown without it.
  devIndicators: false,
  poweredByHeader: false,
  images: { unoptimized: true },
  // `bun run typecheck` is the check; TypeScript 7 has no API that the build could call.
  typescript: { ignoreBuildErrors: true },
  // The dev server can be opened by any loopback name.
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  headers: async () => [
    { source: "/((?!api/|ws/).*)", headers: Object.entries(SECURITY).map(([key, value]) => ({ key, value })) },
    { source: ICONS.source, headers: [{ key: "Cache-Control", value: ICONS.keep }] },
  ],
  experimental: {
    // proxy.ts forwards streams: by default Next cuts one that is silent for 30 s. The API says how long one lives.
    proxyTimeout: 15 * 60 * 1000,
    // Above the API's own limit of 1 MiB, so that the API is the one that answers 413.
    proxyClientMaxBodySize: "12mb",
  },
};

export default config;
