import { type DehydratedState, dehydrate } from "@tanstack/react-query";
import { notFound } from "next/navigation";
import { cache } from "react";

import { ApiError, unwrap } from "@/lib/api/problem";
import { serverApi } from "@/lib/api/server";
import { newQueryClient } from "@/lib/query";

import { orSignIn } from "../accounts/session";
import { PAGE_SIZE, type Task, taskListQuery, taskQuery } from "./queries";

/** A page of tasks for the browser to go on from. When the API is away: nothing, and the list says so itself. */
export async function readTaskList(cursor: string | null): Promise<DehydratedState> {
  const api = await serverApi();
  const query = { limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) };
  const client = newQueryClient();
  try {
    const page = await orSignIn(unwrap(api.GET("/api/v1/tasks", { params: { query } })), "/tasks");
    client.setQueryData(taskListQuery(cursor).queryKey, page);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  return dehydrate(client);
}

/** One task, or null when the API is away; a missing one is the not-found page. Read once for the title and the page. */
export const readTask = cache(async (id: string): Promise<Task | null> => {
  const api = await serverApi();
  try {
    return await orSignIn(unwrap(api.GET("/api/v1/tasks/{id}", { params: { path: { id } } })), `/tasks/${id}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) notFound();
    return null;
  }
});

/** What was read of a task, for the browser to go on from. */
export function seedTask(task: Task | null): DehydratedState {
  const client = newQueryClient();
  if (task) client.setQueryData(taskQuery(task.id).queryKey, task);
  return dehydrate(client);
}
