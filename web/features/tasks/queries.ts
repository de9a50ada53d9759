import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api } from "@/lib/api/browser";
import { isTransient, unwrap } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/types";

import { viewOf } from "./view";

export type Task = Schema<"Task">;
export type TaskSummary = Schema<"TaskSummary">;
export type TaskPage = Schema<"TaskPage">;

export const PAGE_SIZE = 20;

export const taskListKey = ["task-list"] as const;

/** One page of the visitor's tasks, newest first; `cursor` is the address's. The feed keeps it true. */
export const taskListQuery = (cursor: string | null) =>
  queryOptions({
    queryKey: [...taskListKey, cursor],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/tasks", {
          params: { query: { limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) } },
          signal,
        }),
      ),
  });

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ["tasks", id],
    // A page without its task has nothing else to do than to try.
    retry: (_, error) => isTransient(error),
    retryDelay: 2_000,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/tasks/{id}", { params: { path: { id } }, signal })),
  });

/**
 * A task as it is in the end, read once for all who ask; null when it is gone. Throws nothing: whoever is away from the
 * API hears of the ending again.
 */
export async function readEnding(client: QueryClient, id: string): Promise<Task | null> {
  const { queryKey, ...query } = taskQuery(id);
  try {
    // The first reading may have been on its way before the end.
    for (let tries = 0; tries < 2 && !isOver(client.getQueryData(queryKey)); tries++)
      await client.fetchQuery({ ...query, queryKey, staleTime: 0 });
    return client.getQueryData(queryKey) ?? null;
  } catch {
    return null;
  }
}

const isOver = (task: Task | undefined): boolean => task !== undefined && task.finished_at !== null;

export const taskViewKey = (id: string) => ["task-view", id] as const;

/**
 * What the stream has brought, and its cursor. A key of its own, filled by the stream alone: a refetch of the task
 * would put an older text under a newer cursor. It outlives the page by half an hour, so that a way back goes on.
 */
export const taskViewQuery = (task: Task) =>
  queryOptions({
    queryKey: taskViewKey(task.id),
    // Never asked for: it begins as the task, and the stream goes on from there.
    queryFn: () => viewOf(task),
    enabled: false,
    initialData: () => viewOf(task),
    staleTime: Infinity,
    gcTime: 30 * 60_000,
    structuralSharing: false,
  });
