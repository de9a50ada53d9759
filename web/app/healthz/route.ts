export const dynamic = "force-dynamic";

/** 200 while this process lives; it says nothing about the API. */
export function GET(): Response {
  return Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
}
