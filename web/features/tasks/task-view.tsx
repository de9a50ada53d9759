"use client";

import { useQuery } from "@tanstack/react-query";
import { notFound } from "next/navigation";

import { Markdown } from "@/components/markdown/markdown";
import { figure, words } from "@/lib/format";

import { ConnectionState } from "./connection-state";
import { type Task, taskQuery } from "./queries";
import { TaskActions } from "./task-actions";
import { TaskAsk } from "./task-ask";
import { TaskEnding } from "./task-ending";
import { useFollowEnd } from "./use-follow-end";
import { useTaskStream } from "./use-task-stream";

/** One task: what was asked, the state of things, and the text as it is written. */
export function TaskView({ id }: { id: string }) {
  const { data: task } = useQuery(taskQuery(id));
  // The page has put the task into the cache; without it there is nothing to show.
  return task ? <LiveTask key={id} task={task} /> : null;
}

function LiveTask({ task }: { task: Task }) {
  const { view, connection } = useTaskStream(task);
  const writing = view.ending === null;
  useFollowEnd(view.text, writing);
  if (view.ending === "missing") notFound();

  const count = words(view.text);
  const facts = [
    `${figure(count)} ${count === 1 ? "word" : "words"}`,
    view.progress !== null && writing && `${Math.round(view.progress * 100)} %`,
    view.attempt > 0 && `attempt ${view.attempt}`,
  ].filter(Boolean);

  return (
    <div className="max-w-[60rem] px-4 pt-8 pb-30 sm:px-8 md:pt-12 xl:px-16">
      <TaskAsk prompt={task.prompt} />
      <div className="z-10 mb-8 md:sticky md:top-14 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-paper py-3">
        <ConnectionState task={task} view={view} connection={connection} />
        <p className="font-mono text-sm text-ink-3 tabular-nums">{facts.join(" · ")}</p>
        <TaskActions task={task} view={view} />
      </div>
      {view.text === "" && writing && <Waiting status={view.status} attempt={view.attempt} />}
      <article
        aria-label="Plan"
        aria-busy={writing}
        data-length={view.text.length}
        data-writing={writing && view.text !== "" ? "" : undefined}
        className="prose"
      >
        <Markdown text={view.text} complete={view.status === "completed"} />
      </article>
      <TaskEnding view={view} />
    </div>
  );
}

function Waiting({ status, attempt }: { status: Task["status"]; attempt: number }) {
  if (status === "queued") return <p className="text-lg text-ink-3">Waiting for a worker.</p>;
  return (
    <p className="text-lg text-ink-3">
      {attempt > 1 ? `The worker was lost; attempt ${attempt} begins.` : "The first words are on their way."}
    </p>
  );
}
