// What of a new contract breaks a client of the old one. New operations, fields of answers, optional fields of requests,
// error codes and members of a union break nobody: clients ignore what they don't know.
import { type Content, type Document, type Operation, SAID_BY_CLIENTS } from "./openapi.ts";
import { Comparison, type Way } from "./schema-breaking.ts";

/** A breaking change that is meant, in the words of the comparison, and why. */
export interface Meant {
  change: string;
  reason: string;
}

/** What is wrong with the changes and the list of those that are meant. */
export function unmeant(changes: readonly string[], meant: readonly Meant[]): string[] {
  return [
    ...changes.filter((each) => !meant.some(({ change }) => change === each)).map((each) => `breaks clients: ${each}`),
    ...meant.filter(({ change }) => !changes.includes(change)).map(({ change }) => `no longer so: ${change}`),
    ...meant.filter(({ reason }) => !reason.trim()).map(({ change }) => `without a reason: ${change}`),
  ];
}

/** A sentence for each breaking change; the same for the same change. */
export function breakingChanges(before: Document, after: Document): string[] {
  const schemas = new Comparison(before.components.schemas, after.components.schemas);
  for (const [path, methods] of Object.entries(before.paths))
    for (const [method, old] of Object.entries(methods)) {
      const where = `${method.toUpperCase()} ${path}`;
      const now = after.paths[path]?.[method];
      if (now) operation(schemas, where, old, now);
      else schemas.found.add(`${where}: gone`);
    }
  for (const [name, schema] of Object.entries(before.components.schemas))
    if (schema.discriminator) schemas.component(name, SAID_BY_CLIENTS.has(name) ? "asked" : "answered");
  return [...schemas.found].toSorted();
}

function operation(schemas: Comparison, where: string, before: Operation, after: Operation): void {
  const say = (what: string) => schemas.found.add(`${where}: ${what}`);
  if (before.operationId !== after.operationId) say(`operationId is ${after.operationId}, not ${before.operationId}`);
  parameters(schemas, where, before, after);
  if (after.requestBody?.required && !before.requestBody?.required) say("a body is required");
  content(schemas, `${where} body`, before.requestBody, after.requestBody, "asked");
  for (const [status, answer] of Object.entries(before.responses))
    if (after.responses[status]) content(schemas, `${where} ${status}`, answer, after.responses[status], "answered");
    else say(`${status} is gone`);
}

function parameters(schemas: Comparison, where: string, before: Operation, after: Operation): void {
  const [old, now] = [parametersOf(before), parametersOf(after)];
  for (const [name, { schema }] of old) {
    const same = now.get(name);
    if (same) schemas.compare(schema, same.schema, "asked", `${where} ${name}`);
    else schemas.found.add(`${where} ${name}: gone`);
  }
  for (const [name, { required }] of now)
    if (required && !old.get(name)?.required) schemas.found.add(`${where} ${name}: required`);
}

function parametersOf({ parameters = [] }: Operation) {
  return new Map(parameters.map((each) => [`${each.in} ${each.name}`, each]));
}

function content(schemas: Comparison, where: string, before: Content = {}, after: Content = {}, way: Way): void {
  for (const [type, { schema }] of Object.entries(before.content ?? {})) {
    const now = after.content?.[type];
    if (now) schemas.compare(schema, now.schema, way, where);
    else schemas.found.add(`${where}: ${type} is gone`);
  }
}
