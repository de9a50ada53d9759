// What the images weigh over their bases, compressed, as a registry would hold them.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Sentence } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";
import { runToEnd } from "../../scripts/lib/run.ts";
import type { Result } from "../lib/budgets.ts";
import type { Context, Measure } from "../lib/command.ts";
import { added, type Layer, layersOf } from "../lib/layers.ts";

const MEGABYTE = 1_000_000;
const NOISE = 4 * MEGABYTE;

/** Each by its Dockerfile and its context; nginx copies from the page's. */
const IMAGES = [
  { name: "api", file: "api/Dockerfile", context: "api", base: "PYTHON_IMAGE" },
  { name: "web", file: "web/Dockerfile", context: ".", base: "NODE_IMAGE" },
  { name: "nginx", file: "nginx/Dockerfile", context: "nginx", base: "NGINX_IMAGE" },
] as const;

type Image = (typeof IMAGES)[number];

const tag = (name: string): string => `slipstream-${name}:image-sizes`;
const idOf = ({ name }: Image): string => `${name}-image`;

export class Images implements Context {
  readonly planted: boolean;

  constructor(planted: boolean) {
    this.planted = planted;
    try {
      execFileSync("docker", ["info"], { stdio: "ignore" });
    } catch {
      throw new Sentence("No Docker engine answers here (docker info).");
    }
  }

  async build({ name, file, context }: Image): Promise<void> {
    const from = name === "nginx" ? ["--build-context", `web=docker-image://${tag("web")}`] : [];
    const command = ["docker", "build", "--provenance=false", "--file", file, "--tag", tag(name), ...from, context];
    if ((await runToEnd(command, { cwd: root, quiet: true })) !== 0)
      throw new Sentence(`${file} could not be built; see above.`);
    if (this.planted && name === "nginx") await this.#blow(tag(name));
  }

  /** Puts noise on top of an image: it can't be compressed away. */
  async #blow(image: string): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "noise-"));
    try {
      writeFileSync(join(folder, "noise"), randomBytes(NOISE));
      writeFileSync(join(folder, "Dockerfile"), `FROM ${image}\nCOPY noise /noise\n`);
      const command = ["docker", "build", "--provenance=false", "--tag", image, folder];
      if ((await runToEnd(command, { quiet: true })) !== 0) throw new Sentence("The noise could not be added.");
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  async end(): Promise<void> {
    execFileSync("docker", ["image", "rm", "--force", ...IMAGES.map(({ name }) => tag(name))], { stdio: "ignore" });
  }
}

export const sizes: Measure<Images> = {
  ids: IMAGES.map(idOf),
  async run(images, budgets) {
    const results: Record<string, Result> = {};
    const asked = IMAGES.filter((image) => budgets.some(({ id }) => id === idOf(image)));
    for (const image of IMAGES) {
      const isNeeded = asked.includes(image) || (image.name === "web" && asked.some(({ name }) => name === "nginx"));
      if (isNeeded) await images.build(image);
      if (asked.includes(image)) results[idOf(image)] = measured(image);
    }
    return results;
  },
};

function measured({ name, file, base }: Image): Result {
  const usual = new RegExp(`^ARG ${base}=(\\S+)`, "m").exec(readFileSync(join(root, file), "utf8"))?.[1];
  if (usual === undefined) throw new Sentence(`${file} doesn't name its ${base}.`);
  const all = layersOf(tag(name));
  const ours = added(all, baseLayers(usual));
  console.log(`${name}, on ${usual}`);
  for (const layer of all)
    console.log(`  ${megabytes([layer])} MB  ${ours.includes(layer) ? "ours" : "base"}  ${layer.by.slice(0, 90)}`);
  console.log(`  ${megabytes(ours)} MB  ours\n  ${megabytes(all)} MB  total\n`);
  return { samples: [total(ours) / MEGABYTE], note: `${megabytes(all).trim()} MB with ${usual} as it is here` };
}

/** The builder needn't have left the base in the engine. */
function baseLayers(image: string): Layer[] {
  try {
    return layersOf(image);
  } catch {
    execFileSync("docker", ["pull", "--quiet", image], { stdio: ["ignore", "ignore", "inherit"] });
    return layersOf(image);
  }
}

function total(layers: readonly Layer[]): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

function megabytes(layers: readonly Layer[]): string {
  return (total(layers) / MEGABYTE).toFixed(2).padStart(7);
}
