import createClient from "openapi-fetch";

import type { paths } from "./schema";

/** The API for the browser: always on the page's own origin. */
export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
