import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";

import { pageSocket } from "@/lib/streams/page-socket";
import { isFeedEvent } from "@/lib/streams/parse";
import { useSeen } from "@/lib/use-seen";

import { type FeedChange, withChange, withEnding } from "./feed";
import { readEnding, type Task, type TaskPage, taskListKey, taskListQuery } from "./queries";

/** So many connections without progress before the list is asked for instead. */
const POLL_AFTER = 4;
const POLL_MS = 5_000;
/** Many tasks may be created at once: one reading of the list does for all of them. */
const GATHER_MS = 300;
/** The last changes of so many tasks are kept for lists that were read before them and come after them. */
const REMEMBERED = 100;

/** Keeps every list of tasks in the query cache true while somebody may look, and tells of tasks that ended. */
export function useFeed(onEnding: (task: Task) => void): void {
  const client = useQueryClient();
  const seen = useSeen();
  const cursor = useRef<string | null>(null);
  /** One after the other: a page that was hidden may hear of hundreds at once. */
  const endings = useRef(Promise.resolve());
  const [recent] = useState(() => new Map<string, FeedChange>());
  const [failing, setFailing] = useState(false);
  const tell = useEffectEvent(onEnding);

  useEffect(() => {
    if (!seen) return;
    const end = async (id: string) => {
      const task = await readEnding(client, id);
      if (!task) return;
      client.setQueriesData<TaskPage>({ queryKey: taskListKey }, (page) => page && withEnding(page, task));
      tell(task);
    };
    const readAgain = gathered(client);
    return pageSocket.subscribe({
      topic: "feed",
      cursor: () => cursor.current,
      subscribed: (at) => {
        if (cursor.current !== null) return;
        // The list was read before the feed began: what happened between the two is in neither.
        cursor.current = at;
        readAgain();
      },
      receive: (event, at) => {
        if (!isFeedEvent(event)) return "again";
        cursor.current = at ?? cursor.current;
        if (event.type === "feed_reset") {
          recent.clear();
          readAgain();
        } else {
          remember(recent, event);
          if (apply(client, event)) readAgain();
          else if (event.type === "feed_created") readAgain(event.task_id);
        }
        if (event.type === "feed_finished") endings.current = endings.current.then(() => end(event.task_id));
        return "more";
      },
      changed: (state) => setFailing(state.name === "reconnecting" && state.failures >= POLL_AFTER),
    });
  }, [client, seen, recent]);

  // A page that the server rendered brings its list along, made a moment ago.
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ type, query }) => {
        if (type === "added" || type === "updated") correct(client, query, recent);
      }),
    [client, recent],
  );

  useEffect(() => {
    if (!failing || !seen) return;
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: taskListKey }), POLL_MS);
    return () => clearInterval(timer);
  }, [client, failing, seen]);
}

function remember(recent: Map<string, FeedChange>, change: FeedChange): void {
  recent.delete(change.task_id);
  recent.set(change.task_id, change);
  for (const oldest of recent.keys()) if (recent.size > REMEMBERED) recent.delete(oldest);
}

/** Makes a list that has just come as true as the feed knows it. */
function correct(client: QueryClient, { queryKey, state }: Query, recent: ReadonlyMap<string, FeedChange>): void {
  if (queryKey[0] !== taskListKey[0]) return;
  const page = client.getQueryData<TaskPage>(queryKey);
  const right = page && [...recent.values()].reduce(withChange, page);
  if (right !== page) client.setQueryData(queryKey, right, { updatedAt: state.dataUpdatedAt });
}

/** Changes the lists that are known; true when they have to be read again to be right. */
function apply(client: QueryClient, change: FeedChange): boolean {
  // What is being read right now may have been read before this change, and would cover it up.
  let again = client.isFetching({ queryKey: taskListKey }) > 0;
  for (const [key, page] of client.getQueriesData<TaskPage>({ queryKey: taskListKey })) {
    if (!page) continue;
    // What is set counts as fresh, and this one isn't.
    again ||= client.getQueryState(key)?.isInvalidated ?? false;
    const changed = withChange(page, change);
    if (changed !== page) client.setQueryData(key, changed);
    // Rows come and go at the ends of pages, which only the API knows.
    if (change.type === "feed_deleted") again ||= changed !== page;
  }
  return again;
}

/** Reads lists again, once for all reasons of a moment. For a task only if it isn't listed by then, as its maker's is. */
function gathered(client: QueryClient): (unlessListed?: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reasons: (string | undefined)[] = [];
  const run = () => {
    const again = reasons.some((id) => id === undefined || !isListed(client, id));
    [timer, reasons] = [undefined, []];
    if (again) void client.invalidateQueries({ queryKey: taskListKey });
  };
  return (unlessListed) => {
    reasons.push(unlessListed);
    timer ??= setTimeout(run, GATHER_MS);
  };
}

/** New tasks are on the newest page, and nowhere where nobody has read that. */
function isListed(client: QueryClient, id: string): boolean {
  const page = client.getQueryData(taskListQuery(null).queryKey);
  return page === undefined || page.items.some((row) => row.id === id);
}
