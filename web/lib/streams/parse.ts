/** The edge: bytes of a stream become an event of the contract here, or nothing. */
import { type Check, count, list, nullable, number, object, oneOf, string } from "../api/check";
import type { Schema } from "../api/types";

export type TaskEvent = Schema<"TaskEvent">;

const status = oneOf<Schema<"Task">["status"]>({
  queued: true,
  running: true,
  completed: true,
  failed: true,
  cancelled: true,
});

const plan = object<Schema<"Plan">>({
  title: string,
  summary: string,
  stack: list(object<Schema<"StackChoice">>({ name: string, reason: string })),
  milestones: list(object<Schema<"Milestone">>({ title: string, steps: list(string) })),
  risks: list(object<Schema<"Risk">>({ title: string, mitigation: string })),
});

const taskError = object<Schema<"TaskError">>({ code: string, detail: string });

const type =
  <T extends string>(name: T): Check<T> =>
  (value): value is T =>
    value === name;

const checks: { [Event in TaskEvent as Event["type"]]: Check<Event> } = {
  snapshot: object<Schema<"Snapshot">>({
    type: type("snapshot"),
    task_id: string,
    status,
    attempt: count,
    progress: nullable(number),
    text: string,
  }),
  token: object<Schema<"Token">>({ type: type("token"), offset: count, text: string }),
  task_update: object<Schema<"TaskUpdate">>({
    type: type("task_update"),
    status,
    attempt: count,
    progress: nullable(number),
  }),
  reset: object<Schema<"Reset">>({ type: type("reset"), reason: oneOf({ new_attempt: true, log_lost: true }) }),
  task_finished: object<Schema<"TaskFinished">>({
    type: type("task_finished"),
    status: oneOf({ completed: true, failed: true, cancelled: true }),
    length: count,
    result: nullable(plan),
    error: nullable(taskError),
  }),
  task_missing: object<Schema<"TaskMissing">>({ type: type("task_missing"), task_id: string }),
  heartbeat: object<Schema<"Heartbeat">>({ type: type("heartbeat"), at: string }),
};

const isKnown = (name: string): name is TaskEvent["type"] => Object.hasOwn(checks, name);

/** An event of a known name whose data isn't what the contract says. */
export class MalformedEvent extends Error {
  override readonly name = "MalformedEvent";
}

/** The event, or null for a name that a newer server may have. Throws MalformedEvent. */
export function parseTaskEvent(name: string, data: string): TaskEvent | null {
  if (!isKnown(name)) return null;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw new MalformedEvent(name);
  }
  const check: Check<TaskEvent> = checks[name];
  if (!check(value)) throw new MalformedEvent(name);
  return value;
}
