// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";

import { ConnectionState } from "./connection-state";
import { completed, running } from "./testing";
import type { Connection } from "./use-task-stream";
import { viewOf } from "./view";

afterEach(cleanup);

const view = { ...viewOf(running), text: "Three services are" };

test.for<[Connection, string]>([
  ["connecting", "Connecting"],
  ["live", "Live"],
  ["reconnecting", "Reconnecting, 3 words kept"],
  ["polling", "Polling: the stream doesn't get through"],
  ["signed-out", "Signed out, 3 words kept"],
])("%s is said as %s", ([connection, says]) => {
  render(<ConnectionState task={running} view={view} connection={connection} />);

  expect(screen.getByRole("status").textContent).toBe(says);
});

test("with nothing written yet, nothing is lost", () => {
  render(<ConnectionState task={running} view={{ ...view, text: "" }} connection="reconnecting" />);

  expect(screen.getByRole("status").textContent).toBe("Reconnecting, nothing lost");
});

test("a queued task waits for a worker on a live stream", () => {
  render(<ConnectionState task={running} view={{ ...view, status: "queued" }} connection="live" />);

  expect(screen.getByRole("status").textContent).toBe("Live, waiting for a worker");
});

test("a finished task says how long it took", () => {
  render(<ConnectionState task={completed} view={viewOf(completed)} connection="done" />);

  expect(screen.getByRole("status").textContent).toBe("Done in 8.2 s");
});

test("the stream's ending counts before the task is read again", () => {
  const failed = { ...view, status: "failed" as const, error: { code: "upstream_cut", detail: "Cut." } };
  render(<ConnectionState task={running} view={failed} connection="done" />);

  expect(screen.getByRole("status").textContent).toBe("Failed: upstream cut");
});
