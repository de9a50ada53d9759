// Whether a schema still takes all that clients send (asked), and still gives nothing that they don't expect (answered).
import { refOf, type Schema } from "./openapi.ts";

export type Way = "asked" | "answered";

/** Bounds that a value must stay within; `up` where a greater bound lets more through. */
const BOUNDS = {
  maximum: "up",
  exclusiveMaximum: "up",
  maxLength: "up",
  maxItems: "up",
  minimum: "down",
  exclusiveMinimum: "down",
  minLength: "down",
  minItems: "down",
} as const;

type Schemas = Readonly<Record<string, Schema>>;

export class Comparison {
  readonly found = new Set<string>();
  readonly #before: Schemas;
  readonly #after: Schemas;
  readonly #compared = new Set<string>();

  constructor(before: Schemas, after: Schemas) {
    this.#before = before;
    this.#after = after;
  }

  /** Compares a component, once for each way; what it finds is said of the component, wherever it is used. */
  component(name: string, way: Way): void {
    const key = `${name} ${way}`;
    if (this.#compared.has(key)) return;
    this.#compared.add(key);
    const now = this.#after[name];
    if (now) this.#alternatives(this.#before[name]!, now, way, `${name} (${way})`);
    else this.found.add(`${name} (${way}): gone`);
  }

  compare(before: Schema, after: Schema, way: Way, where: string): void {
    const name = refOf(before);
    if (name !== null && name === refOf(after)) this.component(name, way);
    else this.#alternatives(before, after, way, where);
  }

  #alternatives(before: Schema, after: Schema, way: Way, where: string): void {
    const old = this.#byKind(before, this.#before);
    const now = this.#byKind(after, this.#after);
    const isUnion = [...old.keys()].some((kind) => kind.startsWith("type "));
    for (const [kind, schema] of old) {
      const same = now.get(kind);
      if (same) this.#same(schema, same, way, where);
      // An answer that is never null any more is fine; an event that never comes any more isn't.
      else if (way === "asked" || isUnion) this.found.add(`${where}: not ${kind} any more`);
    }
    for (const kind of now.keys())
      if (way === "answered" && !old.has(kind) && !(isUnion && kind.startsWith("type ")))
        this.found.add(`${where}: may be ${kind}`);
  }

  /** What a value may be, each by what tells it from the others: a union's `type`, or the kind of JSON. */
  #byKind(schema: Schema, schemas: Schemas): Map<string, Schema & { name?: string }> {
    const name = refOf(schema);
    if (name !== null) {
      const found = this.#byKind(schemas[name] ?? {}, schemas);
      return found.size > 1 ? found : new Map([...found].map(([kind, each]) => [kind, { name, ...each }]));
    }
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices) return new Map(choices.flatMap((choice) => Array.from(this.#byKind(choice, schemas))));
    const whole = schema.allOf ? this.#joined(schema.allOf, schemas) : schema;
    const tag = whole.properties?.["type"]?.const;
    return new Map([[tag === undefined ? (whole.type ?? "anything") : `type ${JSON.stringify(tag)}`, whole]]);
  }

  #joined(parts: Schema[], schemas: Schemas): Schema {
    const joined: Schema & { properties: Record<string, Schema>; required: string[] } = {
      type: "object",
      properties: {},
      required: [],
    };
    for (const part of parts.map((each) => schemas[refOf(each) ?? ""] ?? each)) {
      for (const [field, schema] of Object.entries(part.properties ?? {}))
        joined.properties[field] = { ...joined.properties[field], ...schema };
      joined.required.push(...(part.required ?? []));
    }
    return joined;
  }

  #same(before: Schema & { name?: string }, after: Schema & { name?: string }, way: Way, where: string): void {
    // A component is compared once; under another name it is what its fields are.
    if (before.name !== undefined && before.name === after.name) return this.component(before.name, way);
    this.#values(before, after, way, where);
    this.#bounds(before, after, way, where);
    this.#fields(before, after, way, where);
    if (before.items && after.items) this.compare(before.items, after.items, way, `${where}[]`);
    if (before.contentSchema && after.contentSchema)
      this.compare(before.contentSchema, after.contentSchema, way, where);
  }

  #values(before: Schema, after: Schema, way: Way, where: string): void {
    const [old, now] = [valuesOf(before), valuesOf(after)];
    // Error codes: new ones break nobody, one that is gone breaks who waits for it.
    const isCode = / [45]\d\d\.code$/.test(where);
    const [less, more] = way === "asked" || isCode ? [old, now] : [now, old];
    if (!more) return;
    if (!less) this.found.add(`${where}: ${way === "asked" ? "only some values" : "any value"}`);
    for (const value of less ?? [])
      if (!more.includes(value))
        this.found.add(`${where}: ${way === "asked" || isCode ? "not" : "may be"} ${JSON.stringify(value)}`);
  }

  #bounds(before: Schema, after: Schema, way: Way, where: string): void {
    const [wider, narrower] = way === "asked" ? [after, before] : [before, after];
    for (const [bound, direction] of Object.entries(BOUNDS) as [keyof typeof BOUNDS, "up" | "down"][]) {
      const [limit, reached] = [wider[bound], narrower[bound]];
      const sign = direction === "up" ? 1 : -1;
      if (limit !== undefined && (reached === undefined || (limit - reached) * sign < 0))
        this.found.add(`${where}: ${bound} is ${after[bound] ?? "gone"}, not ${before[bound] ?? "free"}`);
    }
    for (const rule of ["pattern", "format"] as const)
      if (wider[rule] !== undefined && wider[rule] !== narrower[rule])
        this.found.add(`${where}: ${rule} is ${after[rule] ?? "gone"}, not ${before[rule] ?? "free"}`);
  }

  #fields(before: Schema, after: Schema, way: Way, where: string): void {
    const [old, now] = [before.properties ?? {}, after.properties ?? {}];
    for (const [field, schema] of Object.entries(old)) {
      const at = `${where}.${field}`;
      if (!now[field]) this.found.add(`${at}: gone`);
      else if (way === "answered" && before.required?.includes(field) && !after.required?.includes(field))
        this.found.add(`${at}: may be missing`);
      if (now[field]) this.compare(schema, now[field], way, at);
    }
    for (const field of way === "asked" ? (after.required ?? []) : [])
      if (!before.required?.includes(field)) this.found.add(`${where}.${field}: required`);
    if (way === "asked" && after.additionalProperties === false && before.additionalProperties !== false)
      this.found.add(`${where}: no fields of the client's own`);
  }
}

const valuesOf = (schema: Schema): unknown[] | undefined =>
  schema.enum ?? ("const" in schema ? [schema.const] : undefined);
