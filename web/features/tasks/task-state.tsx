import { StateDot, type Tone } from "@/components/ui/state-dot";
import { duration } from "@/lib/format";

import type { TaskSummary } from "./queries";

const tones: Record<TaskSummary["status"], Tone> = {
  queued: "wait",
  running: "live",
  completed: "done",
  failed: "fail",
  cancelled: "done",
};

/** A task's state in a few words. */
export function stateWords({
  status,
  started_at,
  finished_at,
  error,
}: Pick<TaskSummary, "status" | "started_at" | "finished_at" | "error">): string {
  switch (status) {
    case "queued":
      return "Queued";
    case "running":
      return "Writing";
    case "completed":
      return started_at && finished_at ? `Done in ${duration(started_at, finished_at)}` : "Done";
    case "failed":
      return error ? `Failed: ${error.code.replaceAll("_", " ")}` : "Failed";
    case "cancelled":
      return "Cancelled";
    default:
      return status satisfies never;
  }
}

export function TaskState({ task }: { task: TaskSummary }) {
  return <StateDot tone={tones[task.status]}>{stateWords(task)}</StateDot>;
}
