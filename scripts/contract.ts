// `make contract`: the API's code → api/openapi.json → what the web has of it. With --check it only compares.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { generated, generatedApart } from "./lib/contract.ts";
import { main, Sentence } from "./lib/errors.ts";
import { api, python, root } from "./lib/paths.ts";
import { outputOf } from "./lib/run.ts";

await main(async () => {
  const openapi = outputOf([python, "-m", "app.contract"], api);
  const files = { "api/openapi.json": openapi, ...(await generated(openapi)), ...(await generatedApart()) };
  const check = process.argv.includes("--check");
  const stale: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, name);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    stale.push(relative(root, file));
    if (!check) writeFileSync(file, text);
  }
  if (check && stale.length > 0)
    throw new Sentence(`${stale.join(" and ")} differ from the API's code: run make contract.`);
  console.log(stale.length > 0 ? `Wrote ${stale.join(" and ")}.` : "The contract is the code's.");
});
