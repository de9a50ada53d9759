// Documents that differ from the contract in one field, as a change of one line of Python makes them.
import type { Document, Schema } from "./openapi.ts";

export interface Variant {
  name: string;
  document: Document;
}

interface OneFieldOff extends Variant {
  component: string;
}

/** Every field of every component under another name; and left out; and one more in each. */
export function* variantsOf(document: Document): Generator<OneFieldOff> {
  for (const [name, { properties }] of Object.entries(document.components.schemas)) {
    if (!properties) continue;
    for (const [field, { const: tag }] of Object.entries(properties)) {
      yield variant(document, name, `${field} renamed`, (schema) => rename(schema, field, "renamed"));
      // What tells a union's members apart can't be left out: the API wouldn't start.
      if (field === "type" && tag !== undefined) continue;
      yield variant(document, name, `${field} removed`, (schema) => remove(schema, field));
    }
    yield variant(document, name, "a field added", (schema) => (schema.properties!["added"] = { type: "string" }));
  }
}

function variant(document: Document, name: string, what: string, change: (schema: Schema) => void): OneFieldOff {
  // The operations say nothing about fields, and take most of the time.
  const copy = { ...document, paths: {}, components: structuredClone(document.components) };
  change(copy.components.schemas[name]!);
  return { component: name, name: `${name}: ${what}`, document: copy };
}

function rename(schema: Schema, from: string, to: string): void {
  schema.properties![to] = schema.properties![from]!;
  if (schema.required?.includes(from)) schema.required.push(to);
  remove(schema, from);
}

function remove(schema: Schema, field: string): void {
  delete schema.properties![field];
  if (schema.required) schema.required = schema.required.filter((name) => name !== field);
}
