// Says whether the composed stack can be built here: by a Docker that is new enough, on base images that are here or can
// be had from their registries. Exit code 1 when not.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { checkDocker } from "../../scripts/lib/compose.ts";
import { main, Sentence } from "../../scripts/lib/errors.ts";
import { dockerfiles } from "../../scripts/lib/linted.ts";
import { root } from "../../scripts/lib/paths.ts";
import { docker } from "./lib/engine.ts";

/** `${NAME}` and `${NAME:-default}`, by the file's own defaults. */
const filled = (text: string, defaults: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\$\{?(\w+)(?::-([^}]*))?\}?/g, (_, name: string, usual = "") => defaults.get(name) ?? usual);

function ofDockerfile(path: string): string[] {
  const text = readFileSync(join(root, path), "utf8");
  const defaults = new Map([...text.matchAll(/^ARG (\w+)=(\S+)/gm)].map(([, name, value]) => [name!, value!]));
  const stages = new Set([...text.matchAll(/^FROM .* AS (\S+)/gim)].map(([, name]) => name));
  const named = [/^# *syntax=(\S+)/gm, /^FROM (?:--\S+ )*(\S+)/gm, /--from=(\S+)/g];
  return named
    .flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => filled(name!, defaults)))
    .filter((name) => !stages.has(name) && name !== "scratch" && !name.startsWith("slipstream-"));
}

function ofCompose(): string[] {
  const text = readFileSync(join(root, "compose", "compose.yml"), "utf8");
  const images = [...text.matchAll(/^ +image: (\S+)/gm)].map(([, name]) => name!);
  return images.filter((name) => !name.includes("COMPOSE_PROJECT_NAME")).map((name) => filled(name, new Map()));
}

await main(async () => {
  checkDocker();
  for (const name of new Set([...dockerfiles().flatMap(ofDockerfile), ...ofCompose()])) {
    const isHere = await docker(["image", "inspect", name]).then(
      () => true,
      () => false,
    );
    if (isHere) continue;
    await docker(["pull", "--quiet", name]).catch(() => {
      throw new Sentence(`the base image ${name} is not here and could not be pulled`);
    });
  }
});
