import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { TaskView } from "@/lib/streams/reduce";
import type { StreamState, Verdict } from "@/lib/streams/state";
import { useSeen } from "@/lib/use-seen";

import { openTaskStream } from "./open-task-stream";
import { readEnding, type Task, taskQuery, taskViewKey, taskViewQuery } from "./queries";
import { take } from "./take";
import { adopt, settle } from "./view";

export type Connection = "connecting" | "live" | "reconnecting" | "polling" | "done" | "signed-out";

/** So many connections without progress before the page starts to ask instead of waiting to be told. */
const POLL_AFTER = 4;
const POLL_MS = 2_000;

function connectionOf(state: StreamState, ended: boolean, polled: boolean): Connection {
  if (ended) return "done";
  if (state.name === "refused") return "signed-out";
  if (state.name === "reconnecting") return polled ? "polling" : "reconnecting";
  return state.name === "live" ? "live" : "connecting";
}

/** A task as it is written: its view, kept in the query cache, and the state of the connection that fills it. */
export function useTaskStream(task: Task): { view: TaskView; connection: Connection } {
  const client = useQueryClient();
  const { id } = task;
  const { data: view } = useQuery(taskViewQuery(task));
  const seen = useSeen();
  const [state, setState] = useState<StreamState>({ name: "connecting" });
  const ended = view.ending !== null;
  const failing = !ended && state.name === "reconnecting" && state.failures >= POLL_AFTER;
  const poll = useQuery({ ...taskQuery(id), enabled: failing, refetchInterval: POLL_MS, staleTime: 0 });

  useEffect(() => {
    changeView(client, id, (old) => (failing ? adopt(old, task) : settle(old, task)));
  }, [client, id, task, failing]);

  useEffect(() => {
    // A hidden tab gives its stream back: others may need the connection, and the cursor is kept.
    if (ended || !seen) return;
    return openTaskStream({
      id,
      cursor: () => readView(client, id)?.cursor ?? null,
      receive: (received) => {
        let verdict: Verdict = "end";
        changeView(client, id, (old) => {
          const taken = take(old, received);
          verdict = taken.verdict;
          return taken.view;
        });
        return verdict;
      },
      changed: (next) => {
        setState(next);
        if (next.name === "refused" && next.status === 404)
          changeView(client, id, (old) => ({ ...old, ending: "missing" }));
      },
    });
  }, [client, id, ended, seen]);

  // Over, whichever way, but the task as it was read doesn't know it: when it ended is the API's to say.
  const stale = task.finished_at === null && (ended || state.name === "ended");
  useEffect(() => {
    if (stale) void readEnding(client, id);
  }, [client, id, stale]);

  // Only what was answered since the stream fails shows that asking works.
  const [before, setBefore] = useState<number | null>(null);
  if (failing !== (before !== null)) setBefore(failing ? poll.dataUpdatedAt : null);
  const answered = before !== null && poll.dataUpdatedAt > before;
  const polled = failing && answered && poll.failureCount === 0 && !poll.isPaused;
  return { view, connection: connectionOf(state, ended, polled) };
}

function readView(client: QueryClient, id: string): TaskView | undefined {
  return client.getQueryData<TaskView>(taskViewKey(id));
}

function changeView(client: QueryClient, id: string, change: (old: TaskView) => TaskView): void {
  client.setQueryData<TaskView>(taskViewKey(id), (old) => old && change(old));
}
