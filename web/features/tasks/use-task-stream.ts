import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { parseTaskEvent } from "@/lib/streams/parse";
import { type TaskView, advance, gap } from "@/lib/streams/reduce";
import { type Frame, type SseState, type Verdict, openSse } from "@/lib/streams/sse";

import { type Task, taskListKey, taskQuery, taskViewKey, taskViewQuery } from "./queries";
import { adopt, settle } from "./view";

export type Connection = "connecting" | "live" | "reconnecting" | "polling" | "done" | "signed-out";

/** So many connections without progress before the page starts to ask instead of waiting to be told. */
const POLL_AFTER = 4;
const POLL_MS = 2_000;

/** The view after some frames, and what that means for the connection. */
export function receive(view: TaskView, frames: readonly Frame[]): { view: TaskView; verdict: Verdict } {
  for (const { name, data, id } of frames) {
    let next;
    try {
      const event = parseTaskEvent(name, data);
      next = event === null ? view : advance(view, event, id);
    } catch {
      next = gap;
    }
    if (next === gap) return { view: { ...view, cursor: null }, verdict: "again" };
    view = next;
    if (view.ending !== null) return { view, verdict: "end" };
  }
  return { view, verdict: "more" };
}

function connectionOf(state: SseState, ended: boolean, polled: boolean): Connection {
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
  const [state, setState] = useState<SseState>({ name: "connecting" });
  const ended = view.ending !== null;
  const failing = !ended && state.name === "reconnecting" && state.failures >= POLL_AFTER;
  const poll = useQuery({ ...taskQuery(id), enabled: failing, refetchInterval: POLL_MS, staleTime: 0 });

  useEffect(() => {
    changeView(client, id, (old) => (failing ? adopt(old, task) : settle(old, task)));
  }, [client, id, task, failing]);

  useEffect(() => {
    if (ended) return;
    return openSse({
      url: `/api/v1/tasks/${id}/stream`,
      cursor: () => readView(client, id)?.cursor ?? null,
      receive: (frames) => {
        let verdict: Verdict = "end";
        changeView(client, id, (old) => {
          const received = receive(old, frames);
          verdict = received.verdict;
          return received.view;
        });
        return verdict;
      },
      changed: (next) => {
        setState(next);
        if (next.name === "refused" && next.status === 404)
          changeView(client, id, (old) => ({ ...old, ending: "missing" }));
      },
    });
  }, [client, id, ended]);

  // Over, whichever way, but the task as it was read doesn't know it: when it ended is the API's to say.
  const stale = task.finished_at === null && (ended || state.name === "ended");
  useEffect(() => {
    if (stale) void refresh(client, id);
  }, [client, id, stale]);

  return { view, connection: connectionOf(state, ended, failing && poll.isSuccess && poll.failureCount === 0) };
}

function readView(client: QueryClient, id: string): TaskView | undefined {
  return client.getQueryData<TaskView>(taskViewKey(id));
}

function changeView(client: QueryClient, id: string, change: (old: TaskView) => TaskView): void {
  client.setQueryData<TaskView>(taskViewKey(id), (old) => old && change(old));
}

async function refresh(client: QueryClient, id: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: taskQuery(id).queryKey }),
    client.invalidateQueries({ queryKey: taskListKey }),
  ]);
}
