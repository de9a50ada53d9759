// Writes the web's run-time checks of what streams carry, from the contract's schemas.
import { Sentence } from "./errors.ts";
import { type Document, refOf, SAID_BY_CLIENTS, type Schema } from "./openapi.ts";

/** Checked although it comes with no stream. */
const BODIES = ["ProblemDetails"];

/** web/lib/api/checks.ts: a check for every union of messages, and for all that they refer to. */
export function checksOf({ components: { schemas } }: Document, header: string): string {
  const unions = Object.keys(schemas).filter((name) => schemas[name]!.discriminator && !SAID_BY_CLIENTS.has(name));
  const writer = new Writer(schemas);
  for (const name of [...unions, ...BODIES]) writer.define(name);
  const names = [...writer.used].toSorted();
  return [
    header,
    `import { ${names.join(", ")} } from "./check";`,
    'import type { Schema } from "./types";',
    "",
    ...writer.lines,
    "",
  ].join("\n");
}

class Writer {
  readonly lines: string[] = [];
  readonly used = new Set(["type Check", "type Members"]);
  readonly #schemas: Record<string, Schema>;
  readonly #defined = new Set<string>();

  constructor(schemas: Record<string, Schema>) {
    this.#schemas = schemas;
  }

  /** The component's definition, after those of all that it refers to. */
  define(name: string): string {
    const schema = this.#schemas[name]!;
    const isUnion = schema.discriminator !== undefined;
    const constant = isUnion ? membersName(name) : `is${name}`;
    if (this.#defined.has(name)) return constant;
    this.#defined.add(name);
    const value = isUnion ? this.#members(schema) : this.#check(schema, name);
    const exported = isUnion || BODIES.includes(name) ? "export " : "";
    this.lines.push(`${exported}const ${constant}: ${isUnion ? "Members" : "Check"}<Schema<"${name}">> = ${value};`);
    return constant;
  }

  #members({ discriminator }: Schema): string {
    const members = Object.entries(discriminator!.mapping);
    return block(members.map(([type, $ref]) => [type, this.define(refOf({ $ref })!)]));
  }

  #check(schema: Schema, where: string): string {
    const component = refOf(schema);
    if (component) return this.#schemas[component]!.discriminator ? this.#union([component]) : this.define(component);
    const choices = schema.anyOf ?? (schema.discriminator ? [schema] : undefined);
    if (choices) return this.#choice(choices, where);
    const values = schema.enum ?? ("const" in schema ? [schema.const] : undefined);
    if (values?.every((value) => typeof value === "string"))
      return this.#call("oneOf", `{ ${values.map((value) => `${value}: true`).join(", ")} }`);
    switch (schema.type) {
      case "string":
      case "boolean":
      case "number":
        return this.#use(schema.type);
      case "integer":
        return this.#use(schema.minimum !== undefined && schema.minimum >= 0 ? "count" : "integer");
      case "array":
        return this.#call("list", this.#check(schema.items ?? {}, where));
      case "object":
        if (schema.properties) return this.#object(schema.properties, schema.required ?? [], where);
        break;
      case undefined:
    }
    throw new Sentence(`No check is known for ${where}: ${JSON.stringify(schema)}`);
  }

  #object(properties: Record<string, Schema>, required: string[], where: string): string {
    const fields = Object.entries(properties).map(([field, schema]): [string, string] => {
      const check = this.#check(schema, `${where}.${field}`);
      return [field, required.includes(field) ? check : this.#call("optional", check)];
    });
    return this.#call("object", block(fields));
  }

  /** Something or null, or a member of one of several unions. */
  #choice(choices: Schema[], where: string): string {
    const some = choices.filter(({ type }) => type !== "null");
    if (some.length < choices.length) return this.#call("nullable", this.#check({ anyOf: some }, where));
    if (some.length === 1 && !some[0]!.discriminator) return this.#check(some[0]!, where);
    const unions = some.map((schema) => refOf(schema) ?? this.#unionLike(schema));
    if (unions.some((name) => !name || !this.#schemas[name]!.discriminator))
      throw new Sentence(`No check is known for ${where}: ${JSON.stringify(choices)}`);
    return this.#union(unions as string[]);
  }

  #union(names: string[]): string {
    const members = names.map((name) => this.define(name));
    const joined = members.length === 1 ? members[0]! : `{ ${members.map((member) => `...${member}`).join(", ")} }`;
    return this.#call("union", joined, `<${names.map((name) => `Schema<"${name}">`).join(" | ")}>`);
  }

  /** The component that is the same union: Pydantic repeats it where it is used. */
  #unionLike({ discriminator }: Schema): string | undefined {
    const mapping = JSON.stringify(discriminator?.mapping);
    return Object.keys(this.#schemas).find(
      (name) => mapping && JSON.stringify(this.#schemas[name]!.discriminator?.mapping) === mapping,
    );
  }

  /** Marked as pure, so that what a page doesn't check isn't in its JavaScript. */
  #call(combinator: string, argument: string, type = ""): string {
    return `/* @__PURE__ */ ${this.#use(combinator)}${type}(${argument})`;
  }

  #use(combinator: string): string {
    this.used.add(combinator);
    return combinator;
  }
}

const block = (fields: [string, string][]): string =>
  `{\n${fields.map(([name, value]) => `  ${name}: ${value.replaceAll("\n", "\n  ")},\n`).join("")}}`;

/** TaskEvent → taskEvents */
const membersName = (name: string): string => `${name[0]!.toLowerCase()}${name.slice(1)}s`;
