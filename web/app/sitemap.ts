import type { MetadataRoute } from "next";

import { siteUrl } from "@/lib/env";

// The address is the deployment's, not the build's.
export const dynamic = "force-dynamic";

export default function sitemap(): MetadataRoute.Sitemap {
  return ["/", "/register", "/sign-in"].map((path) => ({ url: new URL(path, siteUrl()).href }));
}
