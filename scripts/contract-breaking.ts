// `make contract-breaking`: fails where the contract breaks a client of the released one, unless
// api/openapi.breaking.json names the change and says why. `make contract-release` makes the present one the released.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { breakingChanges, type Meant, unmeant } from "./lib/breaking.ts";
import { main, Sentence } from "./lib/errors.ts";
import type { Document } from "./lib/openapi.ts";
import { api } from "./lib/paths.ts";

const PRESENT = join(api, "openapi.json");
const RELEASED = join(api, "openapi.released.json");
const MEANT = join(api, "openapi.breaking.json");

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

await main(async () => {
  if (process.argv.includes("--release")) {
    copyFileSync(PRESENT, RELEASED);
    writeFileSync(MEANT, "[]\n");
    console.log("The contract is released as it is.");
    return;
  }
  const changes = breakingChanges(read(RELEASED) as Document, read(PRESENT) as Document);
  const wrong = unmeant(changes, read(MEANT) as Meant[]);
  if (wrong.length > 0)
    throw new Sentence(`${wrong.join("\n")}\n\nWhat is meant is named in api/openapi.breaking.json, with its reason.`);
  console.log(
    changes.length > 0
      ? `It breaks clients as named, ${changes.length} times.`
      : "It breaks no client of the released one.",
  );
});
