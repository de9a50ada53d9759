/** One of everything that only this feature's routes say, every field named. */
import type { Fixture } from "@/lib/api/fixtures";
import type { components as shared } from "@/lib/api/schema";

import type { components } from "./schema";

type Schemas = Omit<components["schemas"], keyof shared["schemas"]>;

const part = { name: "worker", pid: 7, ready: false } satisfies Fixture<Schemas["Part"]>;

export const fixtures = { Part: part, Parts: { items: [part] } } satisfies {
  [Name in keyof Schemas]: Fixture<Schemas[Name]>;
};
