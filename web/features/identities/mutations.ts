import { mutationOptions, type QueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api/browser";
import { unwrap } from "@/lib/api/problem";

import { identitiesQuery } from "./queries";

export const unlinkIdentity = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (id: string) => unwrap(api.DELETE("/api/v1/me/identities/{id}", { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries(identitiesQuery),
  });
