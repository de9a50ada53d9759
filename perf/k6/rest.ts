// What people do with their tasks; each is a scenario with a rate of its own.
import { check } from "k6";

import { create, get, post, type Session } from "./site.ts";

/** Made here, by this virtual user. */
const own: string[] = [];

export function list(session: Session): void {
  const answer = get(session, "list", "tasks?limit=20");
  check(answer, { "a list has tasks": ({ status }) => status === 200 && Number(answer.json("items.#")) > 0 });
}

export function read(session: Session): void {
  const all = own.length > 0 && Math.random() < 0.5 ? own : session.tasks;
  const id = all[Math.floor(Math.random() * all.length)]!;
  const answer = get(session, "read", `tasks/${id}`);
  check(answer, { "a task is itself": ({ status }) => status === 200 && answer.json("id") === id });
}

export function make(session: Session): void {
  const id = create(session);
  if (check(id, { "a task is accepted": (made) => made !== null })) own.push(id!);
}

export function cancel(session: Session): void {
  const id = create(session);
  if (!check(id, { "a task is accepted": (made) => made !== null })) return;
  const answer = post(session, "cancel", `tasks/${id}/cancel`);
  check(answer, { "a task is cancelled": ({ status }) => status === 202 && answer.json("status") === "cancelled" });
}
