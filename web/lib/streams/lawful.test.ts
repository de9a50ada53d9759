import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Choices, type History, Server, type Told, choices, history } from "./lawful";
import { type TaskView, advance, gap } from "./reduce";
import { RuledReader } from "./rules.ts";

const PLAIN: Choices = {
  before: 0,
  during: 1,
  snapshot: false,
  lost: false,
  jump: false,
  leap: null,
  heartbeats: false,
};

/** The page's reducer and the judge, fed the same. */
class Client {
  view: TaskView = {
    text: "",
    cursor: null,
    status: "queued",
    attempt: 0,
    progress: null,
    result: null,
    error: null,
    ending: null,
  };
  readonly judge = new RuledReader();

  read(told: Iterable<Told>, most = Infinity): void {
    this.judge.connect();
    let count = 0;
    for (const { event, id } of told) {
      if (count++ >= most) return;
      this.judge.judge(event, id);
      const next = advance(this.view, event, id);
      if (next === gap) throw new Error(`a gap before ${JSON.stringify(event)}`);
      this.view = next;
      if (next.cursor !== this.judge.cursor) throw new Error(`${next.cursor} is not ${this.judge.cursor}`);
    }
  }
}

describe("a lawful stream", () => {
  test("gives the same text, cut anywhere and resumed anywhere", () => {
    const connections = fc.array(fc.tuple(choices, fc.nat(12)), { maxLength: 12 });
    fc.assert(
      fc.property(history, connections, choices, (told, cuts, last) => {
        const server = new Server(told);
        const client = new Client();

        for (const [choice, most] of cuts) {
          if (client.view.ending === null) client.read(server.tell(client.view.cursor, choice), most);
        }
        server.end();
        if (client.view.ending === null) client.read(server.tell(client.view.cursor, last));

        expect(client.view).toMatchObject(
          told.deleted ? { ending: "missing" } : { ending: "finished", text: told.text },
        );
        expect(client.judge.text).toBe(client.view.text);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** One undisturbed connection, and the places of the last attempt's tokens in it. */
function whole(told: History): { frames: Told[]; tokens: number[] } {
  const frames = [...new Server(told).tell(null, PLAIN)];
  const begun = frames.findLastIndex(({ event }) => event.type === "reset");
  const tokens = frames.flatMap(({ event }, index) => (event.type === "token" && index > begun ? [index] : []));
  return { frames, tokens };
}

const finished = history.filter((told) => !told.deleted && whole(told).tokens.length > 1);

/** Breaks a lawful connection at one of its last attempt's tokens. */
const faults: Record<string, (frames: Told[], at: number) => Told[]> = {
  "a token twice": (frames, at) => frames.toSpliced(at, 0, frames[at]!),
  "a hole": (frames, at) => frames.toSpliced(at, 1),
  "a wrong offset": (frames, at) => {
    const { event, id } = frames[at]!;
    return event.type === "token" ? frames.with(at, { event: { ...event, offset: event.offset + 1 }, id }) : frames;
  },
  "a number that falls": (frames, at) => frames.with(at, { ...frames[at]!, id: "1-1" }),
  "an attempt that falls": (frames, at) => frames.with(at, { ...frames[at]!, id: "0-99" }),
  "an attempt without a reset": (frames, at) => frames.with(at, { ...frames[at]!, id: "9-1" }),
  "a second ending": (frames) => [...frames, frames.at(-1)!],
  "an event after the ending": (frames, at) => [...frames, frames[at]!],
  "an ending in the middle": (frames, at) => frames.toSpliced(at, 0, frames.at(-1)!),
  "an ending of another length": (frames) => {
    const { event, id } = frames.at(-1)!;
    return event.type === "task_finished"
      ? frames.with(frames.length - 1, { event: { ...event, length: event.length + 1 }, id })
      : frames;
  },
};

test.each(Object.entries(faults))("the checker refuses %s, wherever it is", (_, plant) => {
  fc.assert(
    fc.property(finished, fc.nat(), (told, nth) => {
      const { frames, tokens } = whole(told);
      const client = new RuledReader();
      client.connect();

      const broken = plant(frames, tokens[nth % tokens.length]!);

      expect(() => {
        for (const { event, id } of broken) client.judge(event, id);
      }).toThrow("The contract is broken");
    }),
  );
});
