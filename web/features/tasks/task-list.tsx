"use client";

import { useQuery } from "@tanstack/react-query";

import { Ago } from "@/components/ago";
import { AppLink } from "@/components/app-link";
import { Pages } from "@/components/pages";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

import { type TaskSummary, taskListQuery } from "./queries";
import { TaskState } from "./task-state";

/** One page of tasks, newest first; which one is the address's business. */
export function TaskList({ cursor }: { cursor: string | null }) {
  const { data, error, refetch, isFetching } = useQuery(taskListQuery(cursor));
  if (!data) {
    if (!error) return <p className="text-ink-3">Reading your tasks…</p>;
    return (
      <Notice
        title="Your tasks can't be read right now."
        action={
          <Button onClick={() => void refetch()} disabled={isFetching}>
            Try again
          </Button>
        }
      >
        {error.message}
      </Notice>
    );
  }
  if (data.items.length === 0) return <Empty first={cursor === null} />;
  return (
    <div className="grid gap-6">
      <ul className="divide-y divide-line border-y border-line">
        {data.items.map((task) => (
          <li key={task.id}>
            <Row task={task} />
          </li>
        ))}
      </ul>
      <Pages
        label="Pages of tasks"
        newest={cursor === null ? null : "/tasks"}
        older={data.next_cursor === null ? null : `/tasks?cursor=${encodeURIComponent(data.next_cursor)}`}
      />
    </div>
  );
}

function Row({ task }: { task: TaskSummary }) {
  return (
    <AppLink
      href={`/tasks/${task.id}`}
      className="-mx-3 grid gap-x-6 gap-y-0.5 rounded-md px-3 py-3 no-underline transition-colors hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_minmax(7.5rem,auto)_6.5rem] sm:items-baseline"
    >
      <span className="truncate font-medium">{task.prompt}</span>
      <TaskState task={task} />
      <Ago time={task.created_at} />
    </AppLink>
  );
}

function Empty({ first }: { first: boolean }) {
  return (
    <div className="rounded-xl border border-dashed border-line px-6 py-10 text-center text-ink-2">
      {first ? (
        <>
          <p className="font-medium text-ink">Nothing here yet.</p>
          <p>Write a sentence above, and watch a plan being written.</p>
        </>
      ) : (
        <p>
          No older tasks. <AppLink href="/tasks">Back to the newest</AppLink>.
        </p>
      )}
    </div>
  );
}
