// What the contract is for: a field that changes in Python doesn't compile in TypeScript, whether a page reads it or not.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { documentsApart, typesOf } from "./lib/contract.ts";
import type { Document } from "./lib/openapi.ts";
import { api, node, python, root, web } from "./lib/paths.ts";
import { type Variant, variantsOf } from "./lib/renames.ts";
import { outputOf } from "./lib/run.ts";

const folder = mkdtempSync(join(tmpdir(), "slipstream-renames-"));
after(() => rmSync(folder, { recursive: true }));

const contract = JSON.parse(readFileSync(join(api, "openapi.json"), "utf8")) as Document;

/** What the compiler says of fixtures against each document, in one run; nothing where they compile. */
async function complaints(variants: Variant[], fixtures = "lib/api/fixtures.ts"): Promise<Map<string, string>> {
  const place = mkdtempSync(join(folder, "web-"));
  for (const [index, { document }] of variants.entries()) {
    mkdirSync(join(place, `v${index}`));
    writeFileSync(join(place, `v${index}`, "schema.d.ts"), await typesOf(document));
    cpSync(join(web, fixtures), join(place, `v${index}`, "fixtures.ts"));
  }
  const config = {
    extends: join(web, "tsconfig.json"),
    compilerOptions: { types: [], plugins: [], paths: { "@/*": [join(web, "*")] } },
    include: ["v*/*.ts"],
  };
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = spawnSync(node, [compiler, "-p", place, "--pretty", "false"], { cwd: place, encoding: "utf8" });
  const said = new Map<string, string>();
  for (const line of stdout.split("\n")) {
    const index = /^v(\d+)\/fixtures\.ts\(/.exec(line)?.[1];
    if (index !== undefined) said.set(variants[Number(index)]!.name, line);
    else assert.doesNotMatch(line, /^\S.*error TS/, line);
  }
  return said;
}

const names = (variants: Variant[]): string[] => variants.map(({ name }) => name).toSorted();

test("every field of every event and body is one that the web can't compile without", async () => {
  const variants = [...variantsOf(contract)];
  assert.ok(variants.length > 200, "the walk through the contract found nothing to rename");

  const said = await complaints([{ name: "as it is", document: contract }, ...variants]);

  assert.deepEqual([...said.keys()].toSorted(), names(variants));
});

for (const [feature, document] of documentsApart())
  test(`so is every field of what only ${feature} says`, async () => {
    const variants = [...variantsOf(document)].filter(({ component }) => !contract.components.schemas[component]);
    assert.ok(variants.length > 0, "the walk through the contract found nothing to rename");

    const said = await complaints([{ name: "as it is", document }, ...variants], `features/${feature}/fixtures.ts`);

    assert.deepEqual([...said.keys()].toSorted(), names(variants));
  });

/** The contract of the API's code after one of its lines was changed. */
function renamedInPython(file: string, from: string, to: string): Variant {
  const copy = mkdtempSync(join(folder, "api-"));
  cpSync(join(api, "app"), join(copy, "app"), { recursive: true });
  cpSync(join(api, "migrations"), join(copy, "migrations"), { recursive: true });
  const source = readFileSync(join(copy, "app", file), "utf8");
  assert.equal(source.split(from).length, 2, `${file} has ${JSON.stringify(from)} once`);
  writeFileSync(join(copy, "app", file), source.replace(from, to));
  return { name: file, document: JSON.parse(outputOf([python, "-m", "app.contract"], copy)) as Document };
}

test("a field that is renamed in Python, of a body, a stream's event or a socket's message, stops the web's build", async () => {
  const variants = [
    renamedInPython("tasks/schemas.py", "    next_cursor: ", "    following: "),
    renamedInPython("tasks/events.py", "    length: ", "    size: "),
    renamedInPython("streams/messages.py", "    heartbeat_seconds: ", "    pulse: "),
  ];

  const said = await complaints(variants);

  assert.match(said.get("tasks/schemas.py") ?? "", /next_cursor/);
  assert.match(said.get("tasks/events.py") ?? "", /length/);
  assert.match(said.get("streams/messages.py") ?? "", /heartbeat_seconds/);
});
