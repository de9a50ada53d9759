"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";

import { CopyButton } from "@/components/copy-button";
import { Button } from "@/components/ui/button";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { Notice } from "@/components/ui/notice";
import { save } from "@/lib/save";
import type { TaskView } from "@/lib/streams/reduce";

import { CancelButton } from "./cancel-button";
import { createTask, deleteTask, newKey } from "./mutations";
import type { Task } from "./queries";

/** What can be done with a task, by the state it is in. */
export function TaskActions({ task, view }: { task: Task; view: TaskView }) {
  const client = useQueryClient();
  const router = useRouter();
  const again = useMutation(createTask(client));
  const remove = useMutation(deleteTask(client, task.id));
  const problem = again.error ?? remove.error;

  function askAgain() {
    again.mutate({ prompt: task.prompt, key: newKey() }, { onSuccess: (next) => router.push(`/tasks/${next.id}`) });
  }

  return (
    <div className="grid gap-2 md:justify-items-end">
      <div className="flex flex-wrap gap-1.5">
        <CopyButton text={view.text} />
        <Button
          disabled={view.text === ""}
          onClick={() => save(new Blob([view.text], { type: "text/markdown;charset=utf-8" }), `${task.id}.md`)}
        >
          Download
        </Button>
        {view.ending === null ? (
          <CancelButton id={task.id} />
        ) : (
          <>
            <Button disabled={again.isPending} onClick={askAgain}>
              Ask again
            </Button>
            <ConfirmButton
              title="Delete this task?"
              question="Its text goes with it. This can't be undone."
              keep="Keep it"
              confirm="Delete task"
              onConfirm={() => remove.mutate(undefined, { onSuccess: () => router.replace("/tasks") })}
              disabled={remove.isPending}
            >
              Delete
            </ConfirmButton>
          </>
        )}
      </div>
      {problem && <Notice title={problem.message} />}
    </div>
  );
}
