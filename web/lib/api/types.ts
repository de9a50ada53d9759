import type { components, operations } from "./schema";

/** A type of the contract by its name there. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

export type Operation = keyof operations;

type CodeOf<Answer> = Answer extends { content: { "application/problem+json": { code: infer Code } } } ? Code : never;

/** The codes with which the contract lets an operation refuse. */
export type ErrorCode<Name extends Operation> = CodeOf<
  operations[Name]["responses"][keyof operations[Name]["responses"]]
>;
