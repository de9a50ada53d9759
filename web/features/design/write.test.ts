import { expect, test, vi } from "vitest";

import { ApiError } from "@/lib/api/problem";

import { done, failure, fakeApi, frame, heartbeat, refused, streamOf, token, whole } from "./testing";
import { type Told, write, type WriteOptions } from "./write";

vi.mock("@/lib/api/browser", async () => ({ api: (await import("./testing")).api }));

/** Writes and keeps what was told. */
async function written(options: Partial<WriteOptions> = {}): Promise<{ text: string; told: Told[] }> {
  const told: Told[] = [];
  const text = await write({
    prompt: "A thing",
    streaming: true,
    signal: new AbortController().signal,
    tell: (now) => told.push(now),
    ...options,
  });
  return { text, told };
}

const paths = (calls: { path: string }[]) => calls.map(({ path }) => path);
const BOTH = ["/api/design/stream", "/api/design"];

test("the text comes token by token, and is whole at its ending", async () => {
  const calls = fakeApi({ stream: streamOf([token(0, "🌱 "), heartbeat, token(3, "two"), done(6)]) });

  const { text, told } = await written();

  expect(text).toBe("🌱 two");
  expect(told[0]).toEqual({ way: "stream", text: "" });
  expect(told.at(-1)).toEqual({ way: "stream", text: "🌱 two" });
  expect(calls).toMatchObject([{ path: "/api/design/stream", prompt: "A thing" }]);
});

test("with streaming switched off the stream is never asked", async () => {
  const calls = fakeApi({ whole: whole("all of it") });

  const { text, told } = await written({ streaming: false });

  expect(text).toBe("all of it");
  expect(told).toEqual([{ way: "whole", text: "" }]);
  expect(paths(calls)).toEqual(["/api/design"]);
});

test.for([
  ["can't be reached", () => Promise.reject(new TypeError("fetch failed"))],
  ["is refused by something between", () => new Response("<html>", { status: 403 })],
  ["meets a server that leaves", refused(503, "unavailable")],
  ["ends without an ending", streamOf([])],
  ["breaks off in the middle", streamOf([token(0, "one")])],
  ["has a hole", streamOf([token(0, "one"), token(5, "two"), done(8)])],
  ["is shorter than its ending says", streamOf([token(0, "one"), done(8)])],
  ["says what the contract doesn't know", streamOf([frame({ type: "token" })])],
  ["is cut by a restart", streamOf([token(0, "one"), failure("unavailable")])],
] as const)("a stream that %s: the whole is asked for, once", async ([, stream]) => {
  const calls = fakeApi({ stream, whole: whole("all of it") });

  const { text, told } = await written();

  expect(text).toBe("all of it");
  expect(told.at(-1)?.way).toBe("broken");
  expect(paths(calls)).toEqual(BOTH);
});

test("what was there stays until the whole is", async () => {
  fakeApi({ stream: streamOf([token(0, "one")]), whole: whole("all of it") });

  const { told } = await written();

  expect(told.at(-1)).toEqual({ way: "broken", text: "one" });
});

test.for([
  [401, "unauthenticated"],
  [422, "invalid_body"],
  [429, "too_many_designs"],
] as const)("%i would be the other way's answer too", async ([status, code]) => {
  const calls = fakeApi({ stream: refused(status, code) });

  await expect(written()).rejects.toMatchObject({ status, code });
  expect(paths(calls)).toEqual(["/api/design/stream"]);
});

test("what the stream says went wrong is the ending: nothing is written twice", async () => {
  const calls = fakeApi({ stream: streamOf([token(0, "one"), failure("timeout")]) });

  const failed = written();

  await expect(failed).rejects.toBeInstanceOf(ApiError);
  await expect(failed).rejects.toMatchObject({ code: "timeout" });
  expect(paths(calls)).toEqual(["/api/design/stream"]);
});

test("a stream that says nothing is given up, and its connection closed", async () => {
  const calls = fakeApi({ stream: streamOf([], { open: true }), whole: whole("all of it") });

  const { text } = await written({ patience: { first: 20, later: 20 } });

  expect(text).toBe("all of it");
  expect(calls[0]?.signal.aborted).toBe(true);
});

test("a stream that falls silent is given up, and its connection closed", async () => {
  const calls = fakeApi({ stream: streamOf([token(0, "one")], { open: true }), whole: whole("all of it") });

  const { text } = await written({ patience: { first: 10_000, later: 20 } });

  expect(text).toBe("all of it");
  expect(calls[0]?.signal.aborted).toBe(true);
});

test("who stops asks for nothing more", async () => {
  const stop = new AbortController();
  const calls = fakeApi({ stream: streamOf([token(0, "one")], { open: true }) });

  const stopped = written({ signal: stop.signal, tell: ({ text }) => text && stop.abort() });

  await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  expect(paths(calls)).toEqual(["/api/design/stream"]);
  expect(calls[0]?.signal.aborted).toBe(true);
});
