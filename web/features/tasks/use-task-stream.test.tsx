// @vitest-environment happy-dom
import { onlineManager, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { newQueryClient } from "@/lib/query";
import type { Frame } from "@/lib/streams/sse";

import type { TaskStreamOptions } from "./open-task-stream";
import { type Task, taskQuery, taskViewKey } from "./queries";
import { type Received, read, take } from "./take";
import { completed as finished, running as task } from "./testing";
import { useTaskStream } from "./use-task-stream";
import { adopt, settle, viewOf } from "./view";

const opened = vi.hoisted((): { options: TaskStreamOptions[]; closed: number } => ({ options: [], closed: 0 }));

const get = vi.hoisted(() => vi.fn<() => Promise<unknown>>());

vi.mock("@/lib/api/browser", () => ({ api: { GET: get } }));

vi.mock("./open-task-stream", () => ({
  openTaskStream: (options: TaskStreamOptions) => {
    opened.options.push(options);
    return () => opened.closed++;
  },
}));

const frame = (id: string | null, event: { type: string } & Record<string, unknown>): Received => {
  const given: Frame = { name: event.type, id, data: JSON.stringify(event) };
  return read(given);
};
const token = (id: string, offset: number, text: string) => frame(id, { type: "token", offset, text });
const ending = (length: number) =>
  frame("1-9007199254740991", { type: "task_finished", status: "completed", length, result: null, error: null });

beforeEach(() => {
  opened.options = [];
  opened.closed = 0;
  get.mockReset();
});

afterEach(() => {
  cleanup();
  onlineManager.setOnline(true);
});

function lastOpened(): TaskStreamOptions {
  const options = opened.options.at(-1);
  if (!options) throw new Error("no stream was opened");
  return options;
}

function mount(initial: Task = task, client = newQueryClient()) {
  client.setQueryData(taskQuery(initial.id).queryKey, initial);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const hook = renderHook((current: Task) => useTaskStream(current), { wrapper, initialProps: initial });
  return { ...hook, client, stream: lastOpened };
}

test("a page begins with the task's text and asks for a snapshot", () => {
  const { result, stream } = mount();

  expect(result.current).toMatchObject({ view: { text: "Three" }, connection: "connecting" });
  expect(stream().cursor()).toBeNull();
});

test("a remount goes on from the cursor with the text it had", async () => {
  const { client, stream, unmount } = mount();
  await act(async () => stream().receive([token("1-3", 5, " services")]));
  unmount();

  const again = mount(task, client);

  expect(again.result.current.view.text).toBe("Three services");
  expect(again.stream().cursor()).toBe("1-3");
});

test("a refetched task doesn't overwrite what was streamed", async () => {
  const { result, stream, rerender } = mount();
  await act(async () => stream().receive([token("1-3", 5, " services")]));
  await vi.waitFor(() => expect(result.current.view.text).toBe("Three services"));

  rerender({ ...task, text: "Th" });

  expect(result.current.view).toMatchObject({ text: "Three services", cursor: "1-3" });
});

test("the ending closes the stream, and the task as it was read is no longer good", async () => {
  const { result, client, stream } = mount();

  await act(async () => stream().receive([token("1-3", 5, " services"), ending(14)]));

  await vi.waitFor(() => expect(result.current.connection).toBe("done"));
  expect(result.current.view).toMatchObject({ text: "Three services", ending: "finished" });
  expect([opened.options.length, opened.closed]).toEqual([1, 1]);
  expect(client.getQueryState(taskQuery(task.id).queryKey)?.isInvalidated).toBe(true);
});

test("a finished task opens no stream", () => {
  const { result } = mount(finished);

  expect(result.current.connection).toBe("done");
  expect(opened.options).toHaveLength(0);
});

test("unmounting closes the stream", () => {
  mount().unmount();

  expect(opened.closed).toBe(1);
});

test("strict mode leaves one stream open", () => {
  const client = newQueryClient();
  renderHook(() => useTaskStream(task), {
    wrapper: ({ children }) => (
      <StrictMode>
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      </StrictMode>
    ),
  });

  expect(opened.options.length - opened.closed).toBe(1);
});

test("refused with 404 the task is missing, with 401 the visitor is signed out", async () => {
  const missing = mount();
  await act(async () => missing.stream().changed({ name: "refused", status: 404 }));
  expect(missing.result.current.view.ending).toBe("missing");
  missing.unmount();

  const signedOut = mount({ ...task, id: "01938f00-0000-7000-8000-000000000002" });
  await act(async () => signedOut.stream().changed({ name: "refused", status: 401 }));
  expect(signedOut.result.current.connection).toBe("signed-out");
});

test("without a stream the page asks, but not before it has tried for a while", async () => {
  get.mockResolvedValue({ data: task, response: new Response() });
  const { result, stream } = mount();

  await act(async () => stream().changed({ name: "reconnecting", failures: 3 }));
  expect(result.current.connection).toBe("reconnecting");
  expect(get).not.toHaveBeenCalled();

  await act(async () => stream().changed({ name: "reconnecting", failures: 4 }));
  await vi.waitFor(() => expect(result.current.connection).toBe("polling"));
  expect(get).toHaveBeenCalled();
});

test("while no answer comes, the page doesn't claim to poll", async () => {
  const answers: ((value: unknown) => void)[] = [];
  get.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  const { result, stream } = mount();

  await act(async () => stream().changed({ name: "reconnecting", failures: 4 }));
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  expect(result.current.connection).toBe("reconnecting");

  await act(async () => answers[0]?.({ data: task, response: new Response() }));
  await vi.waitFor(() => expect(result.current.connection).toBe("polling"));
});

test("when asking fails too, the page doesn't claim to poll", async () => {
  get.mockRejectedValue(new TypeError("fetch failed"));
  const { result, stream } = mount();

  await act(async () => stream().changed({ name: "reconnecting", failures: 4 }));

  await vi.waitFor(() => expect(result.current.connection).toBe("reconnecting"));
});

test("offline the page doesn't claim to poll either", async () => {
  get.mockResolvedValue({ data: task, response: new Response() });
  onlineManager.setOnline(false);
  const { result, stream, client } = mount();
  const asking = () => client.getQueryState(taskQuery(task.id).queryKey)?.fetchStatus;

  await act(async () => stream().changed({ name: "reconnecting", failures: 4 }));
  await vi.waitFor(() => expect(asking()).toBe("paused"));
  expect(result.current.connection).toBe("reconnecting");

  await act(async () => onlineManager.setOnline(true));
  await vi.waitFor(() => expect(result.current.connection).toBe("polling"));
});

test("frames after a gap are not taken, and the next connection asks for a snapshot", () => {
  const view = { ...viewOf(task), cursor: "1-2" };

  const after = take(view, [token("1-3", 5, " a"), token("1-5", 99, "b"), token("1-6", 7, "c")]);

  expect(after).toMatchObject({ verdict: "again", view: { text: "Three a", cursor: null } });
});

test("a malformed event is a gap, an unknown one is not", () => {
  const view = { ...viewOf(task), cursor: "1-2" };

  expect(take(view, [frame("1-3", { type: "token" })])).toMatchObject({ verdict: "again", view: { cursor: null } });
  expect(take(view, [frame("1-3", { type: "confetti" })])).toEqual({ verdict: "more", view });
});

function look(state: DocumentVisibilityState) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
}

test("a hidden page gives its stream back, and shown again it goes on from the cursor", async () => {
  vi.useFakeTimers();
  const { stream } = mount();
  await act(async () => stream().receive([token("1-3", 5, " services")]));

  look("hidden");
  await act(() => vi.advanceTimersByTimeAsync(4_000));
  expect(opened.closed).toBe(0);
  await act(() => vi.advanceTimersByTimeAsync(6_000));
  expect([opened.options.length, opened.closed]).toEqual([1, 1]);

  look("visible");
  expect(opened.options).toHaveLength(2);
  expect(stream().cursor()).toBe("1-3");
  vi.useRealTimers();
});

test("nothing after an ending counts", () => {
  const after = take(viewOf(task), [ending(5), token("1-3", 5, " late")]);

  expect(after).toMatchObject({ verdict: "end", view: { text: "Three", ending: "finished" } });
});

test("a finished task settles any view, a running one none", () => {
  const view = { ...viewOf(task), text: "Three serv", cursor: "1-3" };

  expect(settle(view, finished)).toEqual(viewOf(finished));
  expect(settle(view, { ...task, text: "Three services and more" })).toBe(view);
});

test("polled text is adopted when it is ahead, and its stream begins with a snapshot", () => {
  const view = { ...viewOf(task), text: "Three serv", cursor: "1-3" };

  expect(adopt(view, { ...task, text: "Thre" })).toBe(view);
  expect(adopt(view, { ...task, text: "Three services" })).toMatchObject({ text: "Three services", cursor: null });
  expect(adopt(view, { ...task, attempt: 2, text: "" })).toMatchObject({ text: "", attempt: 2, cursor: null });
  expect(taskViewKey(task.id)).not.toEqual(taskQuery(task.id).queryKey);
});
