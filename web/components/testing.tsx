/** What tests of components share. */
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";

import { fixtures } from "@/lib/api/fixtures";
import { newQueryClient } from "@/lib/query";

/** Renders within a query cache of its own, or the given one. */
export function show(children: ReactNode, client: QueryClient = newQueryClient()) {
  return render(<QueryClientProvider client={client}>{children}</QueryClientProvider>);
}

/** What openapi-fetch resolves to when the API says yes. */
export const granted = (data?: unknown, status = 200) => ({ data, response: new Response(null, { status }) });

/** What it resolves to when the API says no. */
export const refused = (status: number, code: string, detail: string, errors?: unknown, headers?: HeadersInit) => ({
  error: { ...fixtures.ProblemDetails, code, detail, errors },
  response: new Response(null, { status, ...(headers && { headers }) }),
});
