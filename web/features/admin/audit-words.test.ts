import { expect, test } from "vitest";

import { facts, isAction } from "./audit-words";

test.for([
  [{}, ""],
  [{ method: "password", session: "s1" }, "method password · session s1"],
  [{ before: "user", after: "admin" }, "user → admin"],
  [{ counter: 3, newest: 5 }, "counter 3 · newest 5"],
  [{ scopes: ["design", "tasks:read"] }, "scopes design, tasks:read"],
  [{ reason: "change_password" }, "reason change password"],
] as const)("%j reads %j", ([given, said]) => {
  expect(facts(given)).toBe(said);
});

test("an action of the address is one of the log's", () => {
  expect([isAction("signed_in"), isAction("toString"), isAction("")]).toEqual([true, false, false]);
});
