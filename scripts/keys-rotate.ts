// `make keys-rotate`: the next step of a rotation of JWT_KEYS, written where the ring is. Three of them make a rotation:
// every process knows a key before any signs by it, and still knows the old one while a token of it may be about.
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { setEnv } from "./lib/dotenv.ts";
import { variables } from "./lib/env.ts";
import { main, Sentence } from "./lib/errors.ts";
import { rotated, type Step } from "./lib/key-ring.ts";
import { root, stackFolder } from "./lib/paths.ts";
import { changeSecrets, secretsOf } from "./lib/secrets.ts";

const MINUTE = 60_000;
const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: MINUTE, h: 60 * MINUTE, d: 1_440 * MINUTE };

const SAID: Record<Step, (kid: string) => string[]> = {
  add: (kid) => [
    `Step 1 of 3: the key ${kid} is in the ring; nothing is signed by it yet.`,
    "Bring the ring to every API process, on every host: `make docker-up`, or a restart.",
    "When the last of them runs with it, and not before, run make keys-rotate again.",
  ],
  switch: (kid) => [
    `Step 2 of 3: the key ${kid} signs from now on; the old one only verifies, and its private part is gone.`,
    "Bring the ring to every API process. While that goes on, old and new ones know each other's tokens.",
    "When the last of them has run with it for ACCESS_TOKEN_TTL, run make keys-rotate once more.",
  ],
  remove: (kid) => [
    `Step 3 of 3: the key ${kid} is alone; nothing that the old one signed is good any more.`,
    "Bring the ring to every API process, whenever that suits you.",
  ],
};

await main(async () => {
  const set = variables();
  const { ring, write, where } = home(set);
  const { step, kid, ring: next } = rotated(ring, { now: Date.now(), lifetime: lifetime(set["ACCESS_TOKEN_TTL"]) });
  write(next);
  console.log([...SAID[step](kid), `Written into ${where}.`].join("\n"));
});

/** Where the ring is kept: `.env`, the file that JWT_KEYS_FILE names, or the development stack's secrets. */
function home(set: Record<string, string>): { ring: string; write: (ring: string) => void; where: string } {
  if (process.env["JWT_KEYS"])
    throw new Sentence(
      "JWT_KEYS comes from the environment, where nothing can be written: put it into .env or a file.",
    );
  if (set["JWT_KEYS"]) return { ring: set["JWT_KEYS"], write: (ring) => setEnv({ JWT_KEYS: ring }), where: ".env" };
  const file = set["JWT_KEYS_FILE"];
  if (file) return { ring: readFileSync(file, "utf8"), write: (ring) => replace(file, ring), where: file };
  const folder = stackFolder("dev");
  if (!existsSync(join(folder, "secrets.json")))
    throw new Sentence("There is no key ring yet: make dev, make start-prod or make docker-up makes one.");
  return {
    ring: secretsOf(folder).jwtKeys,
    write: (ring) => changeSecrets(folder, { jwtKeys: ring }),
    where: join(folder, "secrets.json").slice(root.length + 1),
  };
}

function replace(file: string, ring: string): void {
  writeFileSync(`${file}.new`, ring, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}

/** ACCESS_TOKEN_TTL in ms, and a minute for clocks that differ. */
function lifetime(ttl = "5m"): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)$/.exec(ttl.trim()) ?? [];
  if (!amount) throw new Sentence(`ACCESS_TOKEN_TTL has to be a duration, but is "${ttl}".`);
  return Number(amount) * (UNITS[unit || "s"] ?? 0) + MINUTE;
}
