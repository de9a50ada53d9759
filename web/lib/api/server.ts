import { cookies, headers } from "next/headers";

import { apiUrl } from "../env";
import { newClient } from "./client";
import type { paths } from "./schema";

/** Longer than any answer takes, shorter than a visitor's patience with an empty page. */
const TIMEOUT_MS = 5000;

/** The API for a server component, on behalf of the visitor whose request is being rendered. */
export async function serverApi() {
  const [jar, incoming] = await Promise.all([cookies(), headers()]);
  const forwarded = new Headers({ cookie: jar.toString() });
  // Whose request it is: the API believes the address only behind a proxy of ours.
  for (const name of ["x-request-id", "x-forwarded-for"]) {
    const value = incoming.get(name);
    if (value) forwarded.set(name, value);
  }
  return newClient<paths>({
    baseUrl: apiUrl(),
    headers: forwarded,
    cache: "no-store",
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
}
