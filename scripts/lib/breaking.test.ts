import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { breakingChanges, unmeant } from "./breaking.ts";
import type { Document, Operation, Schema } from "./openapi.ts";
import { api } from "./paths.ts";

const contract = JSON.parse(readFileSync(join(api, "openapi.json"), "utf8")) as Document;

/** What is said of the contract after a change. */
function after(change: (document: Document) => void): string[] {
  const changed = structuredClone(contract);
  change(changed);
  return breakingChanges(contract, changed);
}

const at = (document: Document, name: string): Required<Pick<Schema, "properties" | "required">> & Schema =>
  document.components.schemas[name] as Required<Pick<Schema, "properties" | "required">> & Schema;

const call = (document: Document, method: string, path: string): Operation => document.paths[path]![method]!;

function rename(schema: Schema, from: string, to: string): void {
  schema.properties![to] = schema.properties![from]!;
  delete schema.properties![from];
  schema.required = schema.required!.map((name) => (name === from ? to : name));
}

const BREAKING: Record<string, [(document: Document) => void, string[]]> = {
  "an operation that is gone": [
    (document) => delete document.paths["/api/v1/tasks/{id}"]!["delete"],
    ["DELETE /api/v1/tasks/{id}: gone"],
  ],
  "a 2xx that is gone": [
    (document) => delete call(document, "get", "/api/v1/tasks/{id}/stream").responses["204"],
    ["GET /api/v1/tasks/{id}/stream: 204 is gone"],
  ],
  "a parameter that becomes required": [
    (document) => (call(document, "get", "/api/v1/tasks").parameters![0]!.required = true),
    ["GET /api/v1/tasks query status: required"],
  ],
  "a field of an answer that is renamed": [
    (document) => rename(at(document, "Task"), "finished_at", "ended_at"),
    ["Task (answered).finished_at: gone"],
  ],
  "a field of an answer that may be missing": [
    (document) => (at(document, "User").required = ["id"]),
    ["created_at", "email", "name", "role"].map((field) => `User (answered).${field}: may be missing`),
  ],
  "a field of an answer that may be null": [
    (document) =>
      (at(document, "Task").properties["created_at"] = {
        anyOf: [{ type: "string", format: "date-time" }, { type: "null" }],
      }),
    ["Task (answered).created_at: may be null"],
  ],
  "another type in an answer": [
    (document) => (at(document, "Task").properties["attempt"] = { type: "string" }),
    ["Task (answered).attempt: may be string"],
  ],
  "a new value where clients know them all": [
    (document) => at(document, "TaskUpdate").properties["status"]!.enum!.push("paused"),
    ['TaskUpdate (answered).status: may be "paused"'],
  ],
  "a required field of a request": [
    (document) => {
      at(document, "TaskCreate").properties["title"] = { type: "string" };
      at(document, "TaskCreate").required.push("title");
    },
    ["TaskCreate (asked).title: required"],
  ],
  "a request that takes less": [
    (document) => (at(document, "TaskCreate").properties["prompt"]!.maxLength = 100),
    ["TaskCreate (asked).prompt: maxLength is 100, not 8000"],
  ],
  "an error code that is renamed": [
    (document) => {
      const problem = call(document, "post", "/api/v1/tasks").responses["409"]!.content!["application/problem+json"]!;
      problem.schema.allOf!.at(-1)!.properties!["code"]!.enum = ["conflict"];
    },
    ['POST /api/v1/tasks 409.code: not "idempotency_conflict"'],
  ],
  "a field of a task's event": [
    (document) => rename(at(document, "Token"), "offset", "at"),
    ["Token (answered).offset: gone"],
  ],
  "an event that never comes any more": [
    (document) => {
      const union = at(document, "TaskEvent");
      union.oneOf = union.oneOf!.filter(({ $ref }) => !$ref!.endsWith("/TaskMissing"));
    },
    ['TaskEvent (answered): not type "task_missing" any more'],
  ],
  "a field of the socket's message": [
    (document) => rename(at(document, "Subscribed"), "cursor", "place"),
    ["Subscribed (answered).cursor: gone"],
  ],
  "a field that the socket asks for": [
    (document) => at(document, "Subscribe").required.push("cursor"),
    ["Subscribe (asked).cursor: required"],
  ],
  "a message of the client's that isn't understood any more": [
    (document) => {
      const union = at(document, "ClientMessage");
      union.oneOf = union.oneOf!.filter(({ $ref }) => !$ref!.endsWith("/Unsubscribe"));
    },
    ['ClientMessage (asked): not type "unsubscribe" any more'],
  ],
};

for (const [what, [change, expected]] of Object.entries(BREAKING))
  test(`${what} breaks clients`, () => assert.deepEqual(after(change), expected));

const HARMLESS: Record<string, (document: Document) => void> = {
  "nothing new": () => undefined,
  "a new operation": (document) => {
    document.paths["/api/v1/new"] = { get: call(document, "get", "/api/v1/me") };
  },
  "a new field of an answer": (document) => (at(document, "Task").properties["colour"] = { type: "string" }),
  "an optional field of a request": (document) => (at(document, "TaskCreate").properties["title"] = { type: "string" }),
  "an optional parameter": (document) =>
    (call(document, "get", "/api/v1/me").parameters = [{ in: "query", name: "full", schema: { type: "string" } }]),
  "a request that takes more": (document) => (at(document, "TaskCreate").properties["prompt"]!.maxLength = 9000),
  "an answer that is never null any more": (document) =>
    (at(document, "Task").properties["started_at"] = { type: "string", format: "date-time" }),
  "an event that clients don't know yet": (document) => {
    document.components.schemas["Confetti"] = { type: "object", properties: { type: { const: "confetti" } } };
    at(document, "TaskEvent").oneOf!.push({ $ref: "#/components/schemas/Confetti" });
  },
  "a new error code": (document) => {
    const problem = call(document, "post", "/api/v1/tasks").responses["409"]!.content!["application/problem+json"]!;
    problem.schema.allOf!.at(-1)!.properties!["code"]!.enum!.push("too_late");
  },
};

for (const [what, change] of Object.entries(HARMLESS))
  test(`${what} breaks nobody`, () => assert.deepEqual(after(change), []));

test("a change that is named with its reason is meant; one without, one unnamed and one that isn't so are not", () => {
  const reason = "Nobody reads it.";

  assert.deepEqual(unmeant(["a: gone"], [{ change: "a: gone", reason }]), []);
  assert.deepEqual(unmeant(["a: gone"], []), ["breaks clients: a: gone"]);
  assert.deepEqual(unmeant(["a: gone"], [{ change: "a: gone", reason: " " }]), ["without a reason: a: gone"]);
  assert.deepEqual(unmeant([], [{ change: "a: gone", reason }]), ["no longer so: a: gone"]);
});
