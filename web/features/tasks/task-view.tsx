"use client";

import { useQuery } from "@tanstack/react-query";
import { notFound } from "next/navigation";

import { Anchor } from "@/components/anchor";
import { Markdown } from "@/components/markdown/markdown";
import { PageTitle } from "@/components/page-title";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useFollowEnd } from "@/components/use-follow-end";
import { ApiError } from "@/lib/api/problem";
import { figure, words } from "@/lib/format";
import { signInPath } from "@/lib/paths";

import { ConnectionState } from "./connection-state";
import { type Task, taskQuery } from "./queries";
import { TaskActions } from "./task-actions";
import { TaskAsk } from "./task-ask";
import { TaskEnding } from "./task-ending";
import { useTaskStream } from "./use-task-stream";

/** One task: what was asked, the state of things, and the text as it is written. */
export function TaskView({ id }: { id: string }) {
  const { data: task, error } = useQuery(taskQuery(id));
  if (task) return <LiveTask key={id} task={task} />;
  if (error instanceof ApiError && error.status === 404) notFound();
  return <Away error={error} />;
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
      {/* On a phone only the state stays in sight, above it the actions scroll away; else one line of both does. */}
      <div className="contents md:sticky md:top-14 md:z-10 md:mb-8 md:flex md:flex-row-reverse md:items-center md:justify-between md:gap-4 md:border-b md:border-line md:bg-paper md:py-3">
        <TaskActions task={task} view={view} />
        <div className="sticky top-0 z-10 mb-6 flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-paper py-3 md:static md:mb-0 md:border-0 md:py-0">
          <ConnectionState task={task} view={view} connection={connection} />
          <p className="font-mono text-sm text-ink-3 tabular-nums">{facts.join(" · ")}</p>
        </div>
      </div>
      {connection === "signed-out" && (
        <div className="mb-8">
          <Notice
            title="You are signed out."
            action={
              <Anchor href={signInPath(`/tasks/${task.id}`)} className={buttonClass()}>
                Sign in
              </Anchor>
            }
          >
            The text goes on being written, and is here when you are back.
          </Notice>
        </div>
      )}
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

/** The page was made while the API was away. The query goes on trying; the text is on the server. */
function Away({ error }: { error: Error | null }) {
  return (
    <div className="max-w-[60rem] px-4 py-12 sm:px-8 xl:px-16">
      <PageTitle className="mb-4 text-2xl">This task can't be read right now.</PageTitle>
      <p role="status" className="text-lg text-ink-2">
        {error ? `${error.message} ` : ""}It is written on without this page, which tries again by itself.
      </p>
    </div>
  );
}
