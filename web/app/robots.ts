import type { MetadataRoute } from "next";

import { siteUrl } from "@/lib/env";

// The address is the deployment's, not the build's.
export const dynamic = "force-dynamic";

export default function robots(): MetadataRoute.Robots {
  return {
    rules: { userAgent: "*", allow: "/", disallow: ["/api/", "/tasks", "/design"] },
    sitemap: `${siteUrl()}/sitemap.xml`,
  };
}
