import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { added, readLayers } from "./layers.ts";

const tar = Buffer.alloc(10_240, "a file in a layer");

test("a saved image's layers have their compressed sizes, however the engine keeps them", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "layers-"));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "blobs"));
  writeFileSync(join(folder, "blobs", "base"), gzipSync(tar));
  writeFileSync(join(folder, "blobs", "ours"), tar);
  const history = [{ created_by: "ENV A=1", empty_layer: true }, { created_by: "COPY  app app # buildkit" }];
  const config = { history, rootfs: { diff_ids: ["sha256:1", "sha256:2"] } };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const manifest = [{ Config: "config.json", Layers: ["blobs/base", "blobs/ours"] }];
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));

  const layers = readLayers(folder);

  const { length: size } = gzipSync(tar);
  assert.deepEqual(layers, [
    { id: "sha256:1", size, by: "" },
    { id: "sha256:2", size, by: "COPY app app" },
  ]);
});

test("ours are the layers over the base, and another base is no base", () => {
  const [debian, python, app] = ["debian", "python", "app"].map((id) => ({ id, size: 1, by: "" }));

  assert.deepEqual(added([debian!, python!, app!], [debian!, python!]), [app]);
  assert.throws(() => added([debian!, app!], [debian!, python!]), /isn't built on/);
});
