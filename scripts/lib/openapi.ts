// The parts of an OpenAPI 3.1 document that our tools read.
export interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  contentSchema?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  discriminator?: { propertyName: string; mapping: Record<string, string> };
}

export interface Content {
  content?: Record<string, { schema: Schema }>;
}

interface Parameter {
  in: string;
  name: string;
  required?: boolean;
  schema: Schema;
}

export interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: Content & { required?: boolean };
  responses: Record<string, Content>;
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Said by clients; every other component that no operation mentions is said by the server. */
export const SAID_BY_CLIENTS: ReadonlySet<string> = new Set(["ClientMessage"]);

const COMPONENT = "#/components/schemas/";

/** The component that a schema refers to, or null. */
export const refOf = ({ $ref }: Schema): string | null => $ref?.slice(COMPONENT.length) ?? null;
