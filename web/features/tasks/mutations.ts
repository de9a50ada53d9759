import { mutationOptions, type QueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api/browser";
import { unwrap } from "@/lib/api/problem";

import { withNew } from "./feed";
import { type Task, taskListKey, taskListQuery, taskQuery, taskViewKey } from "./queries";

export interface NewTask {
  prompt: string;
  /** The same for every try of one submission: a lost answer never makes a second task. */
  key: string;
}

/** A key for one submission. Not `randomUUID`, which plain http on another host's name doesn't have. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const createTask = (client: QueryClient) =>
  mutationOptions({
    mutationFn: ({ prompt, key }: NewTask) =>
      unwrap(
        api.POST("/api/v1/tasks", {
          params: { header: { "Idempotency-Key": key } },
          body: { prompt, kind: "project_plan" },
        }),
      ),
    onSuccess: (task) => {
      client.setQueryData(taskQuery(task.id).queryKey, task);
      list(client, task);
    },
  });

/** Puts a new task into the list without asking for all of it; one that isn't known to be right is read again. */
function list(client: QueryClient, task: Task): void {
  const { queryKey } = taskListQuery(null);
  const state = client.getQueryState(queryKey);
  if (state?.data && !state.isInvalidated && state.fetchStatus === "idle")
    client.setQueryData(queryKey, withNew(state.data, task), { updatedAt: state.dataUpdatedAt });
  else void client.invalidateQueries({ queryKey: taskListKey });
}

export const cancelTask = (client: QueryClient, id: string) =>
  mutationOptions({
    mutationFn: () => unwrap(api.POST("/api/v1/tasks/{id}/cancel", { params: { path: { id } } })),
    onSuccess: (task) => {
      client.setQueryData(taskQuery(id).queryKey, task);
      void client.invalidateQueries({ queryKey: taskListKey });
    },
  });

export const deleteTask = (client: QueryClient, id: string) =>
  mutationOptions({
    mutationFn: () => unwrap(api.DELETE("/api/v1/tasks/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      client.removeQueries({ queryKey: taskViewKey(id) });
      client.removeQueries({ queryKey: taskQuery(id).queryKey });
      void client.invalidateQueries({ queryKey: taskListKey });
    },
  });
