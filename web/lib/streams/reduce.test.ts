import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { TaskEvent } from "./parse";
import { type TaskView, advance, gap, reduce } from "./reduce";

const empty: TaskView = {
  text: "",
  cursor: null,
  status: "queued",
  attempt: 0,
  progress: null,
  result: null,
  error: null,
  ending: null,
};

const running: TaskView = { ...empty, text: "Three", cursor: "1-3", status: "running", attempt: 1, progress: 0.5 };

describe("reduce", () => {
  test("a snapshot replaces what there is", () => {
    const event: TaskEvent = {
      type: "snapshot",
      task_id: "t",
      status: "running",
      attempt: 2,
      progress: null,
      text: "Two",
    };

    expect(reduce(running, event)).toEqual({ ...running, text: "Two", attempt: 2, progress: null });
  });

  test("a token is appended at its offset", () => {
    expect(reduce(running, { type: "token", offset: 5, text: " services" })).toMatchObject({ text: "Three services" });
  });

  test("a token that overlaps replaces from its offset", () => {
    expect(reduce(running, { type: "token", offset: 2, text: "rough" })).toMatchObject({ text: "Through" });
  });

  test("a token beyond the text is a gap", () => {
    expect(reduce(running, { type: "token", offset: 6, text: "x" })).toBe(gap);
  });

  test("offsets count UTF-16 code units", () => {
    expect(reduce({ ...running, text: "🔬" }, { type: "token", offset: 2, text: "!" })).toMatchObject({ text: "🔬!" });
  });

  test("an update changes the state and not the text", () => {
    const event: TaskEvent = { type: "task_update", status: "running", attempt: 1, progress: 0.75 };

    expect(reduce(running, event)).toEqual({ ...running, progress: 0.75 });
  });

  test("a reset forgets the text and the cursor", () => {
    expect(reduce(running, { type: "reset", reason: "new_attempt" })).toMatchObject({ text: "", cursor: null });
  });

  test("an ending of the right length is the end", () => {
    const event: TaskEvent = { type: "task_finished", status: "completed", length: 5, result: null, error: null };

    expect(reduce(running, event)).toEqual({ ...running, status: "completed", ending: "finished" });
  });

  test("an ending of another length is a gap", () => {
    const event: TaskEvent = { type: "task_finished", status: "completed", length: 6, result: null, error: null };

    expect(reduce(running, event)).toBe(gap);
  });

  test("a missing task is the end, and its text stays to be read", () => {
    expect(reduce(running, { type: "task_missing", task_id: "t" })).toEqual({ ...running, ending: "missing" });
  });

  test("a heartbeat changes nothing", () => {
    expect(reduce(running, { type: "heartbeat", at: "2026-01-01T00:00:00Z" })).toBe(running);
  });
});

describe("advance", () => {
  test("takes the frame's id as the cursor", () => {
    expect(advance(running, { type: "token", offset: 5, text: "!" }, "1-4")).toMatchObject({ cursor: "1-4" });
  });

  test("keeps the cursor of a frame without an id", () => {
    expect(advance(running, { type: "heartbeat", at: "2026-01-01T00:00:00Z" }, null)).toMatchObject({ cursor: "1-3" });
  });
});

/** A server as CONTRACT describes it: what it sends after a cursor, whatever was sent before. */
function server(attempts: readonly (readonly string[])[]) {
  const log: { id: string; event: TaskEvent }[] = [];
  for (const [index, pieces] of attempts.entries()) {
    const attempt = index + 1;
    let text = "";
    log.push({ id: `${attempt}-1`, event: { type: "task_update", status: "running", attempt, progress: null } });
    for (const [at, piece] of pieces.entries()) {
      log.push({ id: `${attempt}-${at + 2}`, event: { type: "token", offset: text.length, text: piece } });
      text += piece;
    }
  }
  const attempt = attempts.length;
  const whole = attempts.at(-1)?.join("") ?? "";
  log.push({
    id: `${attempt}-9007199254740991`,
    event: { type: "task_finished", status: "completed", length: whole.length, result: null, error: null },
  });

  function* replay(cursor: string | null, upTo: number): Generator<{ id: string | null; event: TaskEvent }> {
    let from = log.findIndex(({ id }) => id === cursor) + 1;
    let within = cursor === null ? 0 : Number(cursor.split("-")[0]);
    if (from === 0) {
      // A snapshot of what a reader would have who had read up to some point.
      from = Math.min(upTo, log.length - 1);
      const last = log[from - 1];
      const view = log.slice(0, from).reduce((text, { event }) => {
        if (event.type === "task_update") return "";
        return event.type === "token" ? text + event.text : text;
      }, "");
      within = last ? Number(last.id.split("-")[0]) : 0;
      const status = last ? "running" : "queued";
      yield {
        id: last?.id ?? "0-0",
        event: { type: "snapshot", task_id: "t", status, attempt: within, progress: null, text: view },
      };
    }
    for (const { id, event } of log.slice(from)) {
      const attemptOf = Number(id.split("-")[0]);
      if (attemptOf !== within) yield { id: null, event: { type: "reset", reason: "new_attempt" } };
      within = attemptOf;
      yield { id, event };
    }
  }
  return { replay, whole };
}

test("cut anywhere, as often as you like, the text at the end is the same", () => {
  const pieces = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }), { maxLength: 12 });
  const cuts = fc.array(fc.nat({ max: 14 }), { maxLength: 8 });

  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 3 }), cuts, fc.nat({ max: 30 }), (attempts, cut, start) => {
      const { replay, whole } = server(attempts);
      let view = empty;
      for (const length of [...cut, Infinity]) {
        let read = 0;
        for (const { id, event } of replay(view.cursor, start)) {
          if (read++ >= length || view.ending !== null) break;
          const next = advance(view, event, id);
          if (next === gap) throw new Error("a gap in a whole stream");
          view = next;
        }
      }

      expect(view).toMatchObject({ text: whole, ending: "finished", status: "completed" });
    }),
  );
});
