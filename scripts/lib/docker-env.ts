// What `make docker-up` keeps in .env, so that a plain `docker compose` in this folder means the same stack.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { ensureEnv, generatedSecrets, OPTIONAL_SECRETS, SECRETS, setEnv } from "./dotenv.ts";
import { variables, type Variables } from "./env.ts";
import { Sentence } from "./errors.ts";
import { root } from "./paths.ts";

const BASE = "compose/compose.yml";
const OVERLAYS = ["dev", "minimal", "release"];

/** Variables that the compose files read themselves. */
const STACK = [
  ...["COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "IMAGE_TAG", "CPUS_PER_CONTAINER", "SITE_URL"],
  ...["API_IMAGE", "WEB_IMAGE", "NGINX_IMAGE", "ACME_IMAGE", "POSTGRES_VERSION", "VALKEY_VERSION"],
  ...OPTIONAL_SECRETS,
];

/** The settings that compose/settings.yml passes on. */
export function passedOn(text = readFileSync(join(root, "compose", "settings.yml"), "utf8")): string[] {
  return [...text.matchAll(/^ {6}([A-Z_]+):$/gm)].map(([, name]) => name!);
}

/** The compose files of a stack, from those it had, a wish for an overlay ("" is none), and whether it has TLS. */
export function composeFiles(present: string, overlay: string | undefined, tls: boolean): string {
  if (overlay && !OVERLAYS.includes(overlay)) {
    throw new Sentence(`OVERLAY has to be one of ${OVERLAYS.join(", ")}, but is "${overlay}".`);
  }
  const had = present ? present.split(":") : [BASE];
  const files = overlay === undefined ? had : overlay ? [BASE, `compose/${overlay}.yml`] : [BASE];
  const others = files.filter((file) => file !== "compose/tls.yml");
  return [...others, ...(tls ? ["compose/tls.yml"] : [])].join(":");
}

/** A name that Compose takes, from the folder's. */
export const projectName = (folder: string): string =>
  folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replace(/^[-_]+/, "") || "slipstream";

interface Prepared {
  set: Variables;
  kept: string[];
  /** Takes back what was given: settings that the stack can't start with aren't there the next time. */
  undo: () => void;
}

/** Moves what was given into .env, completes it for the stack, and returns what holds. */
export function prepareEnv(real: NodeJS.ProcessEnv = process.env, file = join(root, ".env")): Prepared {
  const given: Record<string, string | null> = {};
  for (const name of [...passedOn(), ...STACK, ...Object.keys(SECRETS)]) {
    const value = real[name];
    if (value === undefined) continue;
    given[name] = value || null;
    delete real[name]; // from here on .env says it, to Compose as well
  }
  const before = variables({}, file);
  const will = (name: string): string => (name in given ? given[name] : before[name]) ?? "";

  // A domain is there to get a certificate for.
  if (!will("TLS") && will("DOMAIN") && !("TLS" in given)) given["TLS"] = "acme";
  const tls = ["acme", "self-signed"].includes(will("TLS"));
  given["COMPOSE_FILE"] = composeFiles(will("COMPOSE_FILE"), real["OVERLAY"], tls);
  // The site's address names the port where this is set.
  if (will("HTTPS_PORT") === "443") given["HTTPS_PORT"] = null;

  setEnv(given, file);
  const set = ensureEnv(
    { COMPOSE_PROJECT_NAME: projectName(basename(root)), SECRETS: "../.data/secrets", ...generatedSecrets() },
    { file, real, comment: "Made by make docker-up. Keep it: the data can't be opened with other passwords." },
  );
  const kept = Object.keys(given).filter((name) => given[name] && given[name] !== before[name]);
  const undo = () => setEnv(Object.fromEntries(Object.keys(given).map((name) => [name, before[name] ?? null])), file);
  return { set, kept, undo };
}
