import { mutationOptions, type QueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api/browser";
import { unwrap } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/types";

import { usersKey } from "./queries";

export const changeUser = (client: QueryClient, id: string) =>
  mutationOptions({
    mutationFn: (body: Schema<"UserUpdate">) =>
      unwrap(api.PATCH("/api/v1/admin/users/{id}", { params: { path: { id } }, body })),
    onSettled: () => client.invalidateQueries({ queryKey: usersKey }),
  });

export const endUserSessions = (client: QueryClient, id: string) =>
  mutationOptions({
    mutationFn: () => unwrap(api.DELETE("/api/v1/admin/users/{id}/sessions", { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: usersKey }),
  });
