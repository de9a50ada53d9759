/** What this project is called: the one place on the web side. */
export const project = {
  name: "Slipstream",
  slug: "slipstream",
  tagline: "Streams that never drop.",
  description:
    "A Next.js and FastAPI application to start from: one typed contract from Python to the pixel, and streams that survive what kills a server.",
} as const;

/** The session's cookies, with the prefix that browsers enforce over https and without it over http. */
export const cookieNames = (kind: "access" | "refresh" | "renewed") =>
  [`__Host-${project.slug}_${kind}`, `${project.slug}_${kind}`] as const;
