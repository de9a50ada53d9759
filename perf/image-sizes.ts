// `make image-sizes`: builds the images and holds what they weigh over their bases against perf/budgets.json.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { main, Sentence } from "../scripts/lib/errors.ts";
import { root } from "../scripts/lib/paths.ts";
import { runToEnd } from "../scripts/lib/run.ts";
import { chosen, judged, mustBeMet, readBudgets, type Result } from "./lib/budgets.ts";
import { added, type Layer, layersOf } from "./lib/layers.ts";
import { table } from "./lib/table.ts";

const MEGABYTE = 1_000_000;

const tag = (name: string): string => `slipstream-${name}:image-sizes`;
/** Each by its Dockerfile and its context; nginx copies from the page's. */
const IMAGES = [
  { name: "api", file: "api/Dockerfile", context: "api", base: "PYTHON_IMAGE" },
  { name: "web", file: "web/Dockerfile", context: ".", base: "NODE_IMAGE" },
  { name: "nginx", file: "nginx/Dockerfile", context: "nginx", base: "NGINX_IMAGE" },
];

await main(async () => {
  const budgets = chosen(readBudgets(), "image-sizes", process.env["ONLY"] || undefined, false);
  try {
    const results = new Map<string, Result>();
    for (const image of IMAGES) {
      await build(image);
      results.set(`${image.name}-image`, measured(image));
    }
    const verdicts = budgets.map((budget) => judged(budget, results.get(budget.id)));
    console.log(table(verdicts));
    mustBeMet(verdicts);
  } finally {
    execFileSync("docker", ["image", "rm", "--force", ...IMAGES.map(({ name }) => tag(name))], { stdio: "ignore" });
  }
});

async function build({ name, file, context }: (typeof IMAGES)[number]): Promise<void> {
  const from = name === "nginx" ? ["--build-context", `web=docker-image://${tag("web")}`] : [];
  const code = await runToEnd(
    ["docker", "build", "--provenance=false", "--file", file, "--tag", tag(name), ...from, context],
    { cwd: root, quiet: true },
  );
  if (code !== 0) throw new Sentence(`${file} could not be built; see above.`);
}

function measured({ name, file, base }: (typeof IMAGES)[number]): Result {
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
