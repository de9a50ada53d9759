import { expect, test } from "vitest";

import { type Check, union, UnknownType } from "./check";
import * as checks from "./checks";
import { fixtures } from "./fixtures";

interface Union {
  members: Readonly<Record<string, Check<unknown>>>;
  events: Readonly<Record<string, { type: string }>>;
}

/** Every union that comes from outside, with one of each of its members. */
const UNIONS: Record<string, Union> = {
  designEvents: { members: checks.designEvents, events: fixtures.DesignEvent },
  feedEvents: { members: checks.feedEvents, events: fixtures.FeedEvent },
  serverMessages: { members: checks.serverMessages, events: fixtures.ServerMessage },
  taskEvents: { members: checks.taskEvents, events: fixtures.TaskEvent },
};

const cases: [string, Check<unknown>, object][] = Object.entries(UNIONS).flatMap(([name, { members, events }]) =>
  Object.values(events).map((event): [string, Check<unknown>, object] => [
    `${name} ${event.type}`,
    union(members),
    event,
  ]),
);
cases.push(["ProblemDetails", checks.isProblemDetails, fixtures.ProblemDetails]);

/** Fields that may be left out. */
const OPTIONAL = new Set(["ProblemDetails.errors", "ProblemDetails.type"]);

function without(value: object, name: string): object {
  return Object.fromEntries(Object.entries(value).filter(([field]) => field !== name));
}

/** Every copy of `value` with one field, at any depth, replaced by something that no field may be. */
function* spoilt(value: unknown, path = ""): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, field] of Object.entries(value)) {
    const at = `${path}/${name}`;
    const put = (other: unknown): unknown =>
      Array.isArray(value)
        ? value.map((old, index) => (index === Number(name) ? other : old))
        : { ...value, [name]: other };
    for (const wrong of [Symbol("wrong"), typeof field === "object" ? "text" : {}]) yield [at, put(wrong)];
    for (const [deeper, inner] of spoilt(field, at)) yield [deeper, put(inner)];
  }
}

/** What the check says; a type that it doesn't know is refused too, by whoever reads the stream. */
function accepts(check: Check<unknown>, value: unknown): boolean {
  try {
    return check(value);
  } catch (error) {
    if (error instanceof UnknownType) return false;
    throw error;
  }
}

test("every union that comes from outside has its fixtures here", () => {
  expect(Object.keys(checks).toSorted()).toEqual([...Object.keys(UNIONS), "isProblemDetails"].toSorted());
  for (const { members, events } of Object.values(UNIONS))
    expect(Object.keys(members).toSorted()).toEqual(Object.keys(events).toSorted());
});

test.for(cases)("%s is accepted as it is, and with more", ([, check, event]) => {
  expect(accepts(check, event)).toBe(true);
  expect(accepts(check, { ...event, colour: "red" })).toBe(true);
});

test.for(cases)("%s is refused without any one field", ([name, check, event]) => {
  const fields = Object.keys(event).filter((field) => !OPTIONAL.has(`${name}.${field}`));

  expect(fields.filter((field) => accepts(check, without(event, field)))).toEqual([]);
});

test.for(cases)("%s is refused with a wrong value anywhere", ([, check, event]) => {
  const wrong = [...spoilt(event)];

  expect(wrong.length).toBeGreaterThan(0);
  expect(wrong.filter(([, value]) => accepts(check, value)).map(([path]) => path)).toEqual([]);
});
