"use client";

import { useQuery } from "@tanstack/react-query";
import { useParams } from "next/navigation";

import { AppLink } from "@/components/app-link";

import { taskListQuery } from "./queries";
import { TaskState } from "./task-state";

/** The newest tasks beside the one that is open, where there is room for two columns. */
export function TaskSidebar() {
  const { id } = useParams<{ id: string }>();
  const { data } = useQuery(taskListQuery(null));
  return (
    <nav
      aria-label="Your tasks"
      className="sticky top-14 hidden h-[calc(100dvh-3.5rem)] overflow-y-auto border-r border-line px-3 py-4 lg:block"
    >
      <h2 className="px-2.5 pb-2 text-sm font-medium tracking-normal text-ink-3">Your tasks</h2>
      <ul>
        {data?.items.map((task) => (
          <li key={task.id}>
            <AppLink
              href={`/tasks/${task.id}`}
              aria-current={task.id === id ? "page" : undefined}
              className="grid gap-0.5 rounded-md px-2.5 py-2 no-underline transition-colors hover:bg-sunken aria-[current]:bg-accent-wash"
            >
              <span className="truncate font-medium">{task.prompt}</span>
              <TaskState task={task} />
            </AppLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
