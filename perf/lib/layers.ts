// The layers of an image as a registry would hold them: compressed, one blob each.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { Sentence } from "../../scripts/lib/errors.ts";

export interface Layer {
  /** Of what is in it, uncompressed: the same in every image that shares it. */
  id: string;
  /** Compressed, in bytes. */
  size: number;
  /** The instruction that made it. */
  by: string;
}

interface Config {
  history: { created_by?: string; empty_layer?: boolean }[];
  rootfs: { diff_ids: string[] };
}

/** From the base upwards. Throws a sentence when the engine doesn't have the image. */
export function layersOf(image: string): Layer[] {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-layers-"));
  try {
    const archive = join(folder, "image.tar");
    execFileSync("docker", ["save", "--output", archive, image], { stdio: ["ignore", "ignore", "pipe"] });
    execFileSync("tar", ["-xf", archive, "-C", folder]);
    return readLayers(folder);
  } catch (error) {
    throw new Sentence(`${image} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `folder` is an unpacked `docker save`. */
export function readLayers(folder: string): Layer[] {
  const [manifest] = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as [
    { Config: string; Layers: string[] },
  ];
  const config = JSON.parse(readFileSync(join(folder, manifest.Config), "utf8")) as Config;
  // An image that was imported has layers without a history.
  const made = config.history.filter(({ empty_layer: isEmpty }) => isEmpty !== true);
  const unknown = config.rootfs.diff_ids.length - made.length;
  return manifest.Layers.map((path, index) => ({
    id: config.rootfs.diff_ids[index]!,
    size: compressed(readFileSync(join(folder, path))),
    by: made[index - unknown]?.created_by?.replaceAll(/\s+/g, " ").replace(/ # buildkit$/, "") ?? "",
  }));
}

/** Engines that keep layers unpacked save them so; a registry never holds them so. */
const compressed = (blob: Buffer): number =>
  blob.readUInt16BE(0) === 0x1f_8b || blob.readUInt32BE(0) === 0x28_b5_2f_fd ? blob.length : gzipSync(blob).length;

/** Those of `image` that `base` doesn't have. Throws a sentence when it isn't built on that. */
export function added(image: readonly Layer[], base: readonly Layer[]): Layer[] {
  if (base.some(({ id }, index) => image[index]?.id !== id)) throw new Sentence("The image isn't built on that base.");
  return image.slice(base.length);
}
