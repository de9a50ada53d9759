"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef } from "react";

import { PromptForm } from "@/components/prompt-form";
import { Notice } from "@/components/ui/notice";

import { createTask, newKey } from "./mutations";

const EXAMPLES = [
  "A marketplace where labs sell used microscopes to schools",
  "A shift planner for a volunteer fire station",
  "Tide alerts for harbour pilots, by text message",
];

/** Where a task begins. Kept on failure, with the same key, so that trying again never makes two. */
export function Composer() {
  const router = useRouter();
  const submission = useRef({ prompt: "", key: "" });
  const { mutate, error, isPending, isSuccess } = useMutation(createTask(useQueryClient()));

  function send(prompt: string) {
    if (submission.current.prompt !== prompt) submission.current = { prompt, key: newKey() };
    mutate(submission.current, { onSuccess: (task) => router.push(`/tasks/${task.id}`) });
  }

  return (
    <PromptForm
      label="What do you want to build?"
      placeholder="Say what it is, who it is for, and what must not go wrong."
      examples={EXAMPLES}
      action={["Start", "Starting…"]}
      busy={isPending || isSuccess}
      onSend={send}
    >
      {error && <Notice title={error.message}>Your words are kept: try again.</Notice>}
    </PromptForm>
  );
}
