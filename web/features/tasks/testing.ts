/** What the tests of this folder share. */
import type { Task, TaskSummary } from "./queries";

export const running: Task = {
  id: "01938f00-0000-7000-8000-000000000001",
  kind: "project_plan",
  status: "running",
  prompt: "A thing",
  text: "Three",
  result: null,
  error: null,
  attempt: 1,
  created_at: "2026-01-01T00:00:00Z",
  started_at: "2026-01-01T00:00:01Z",
  finished_at: null,
};

export const completed: Task = {
  ...running,
  status: "completed",
  text: "Three services",
  finished_at: "2026-01-01T00:00:09.200Z",
};

export function summary(id: string, fields: Partial<TaskSummary> = {}): TaskSummary {
  const { text: _, ...rest } = running;
  return { ...rest, id, ...fields };
}
