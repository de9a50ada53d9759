// JWT_KEYS, and how it goes from one signing key to the next without a token that some process doesn't know.
import { generateKeyPairSync, randomBytes } from "node:crypto";

import { Sentence } from "./errors.ts";

/** A JWK of the ring. The first that has `d` signs, all verify. */
export interface Key {
  [member: string]: unknown;
  kid: string;
}

export type Step = "add" | "switch" | "remove";

export interface Rotation {
  step: Step;
  ring: string;
  /** The key that this is about: the new one, or the one that signs when old ones go. */
  kid: string;
}

export function newKey(): Key {
  const { privateKey } = generateKeyPairSync("ed25519");
  return { ...privateKey.export({ format: "jwk" }), kid: randomBytes(6).toString("hex"), alg: "EdDSA", use: "sig" };
}

/**
 * The next ring. Which step is due shows in the ring itself: one key alone gets a successor; a second one that could
 * sign is waiting for its turn; a key that can't sign any more has only to verify what it signed.
 *
 * Throws a sentence while tokens of the old key may still be about: `lifetime` (in ms) after the switch.
 */
export function rotated(ring: string, { now, lifetime }: { now: number; lifetime: number }): Rotation {
  const keys = keysOf(ring);
  const signing = keys.filter((key) => "d" in key);
  const first = signing[0];
  if (!first) throw new Sentence('JWT_KEYS has no key with "d", which signs: it can\'t be rotated.');

  const next = signing.at(-1);
  if (next && next !== first) {
    const old = keys.filter((key) => key !== next).map(withoutPrivatePart);
    return made("switch", next.kid, [{ ...next, signs_since: new Date(now).toISOString() }, ...old]);
  }
  if (keys.length > 1) {
    const left = Date.parse(String(first["signs_since"])) + lifetime - now;
    if (left > 0) {
      const minutes = Math.ceil(left / 60_000);
      throw new Sentence(
        `Tokens of the old key may be good for ${minutes} min more (ACCESS_TOKEN_TTL): wait for that.`,
      );
    }
    return made("remove", first.kid, [first]);
  }
  const added = newKey();
  return made("add", added.kid, [...keys, added]);
}

function withoutPrivatePart(key: Key): Key {
  const rest = { ...key };
  delete rest["d"];
  return rest;
}

function made(step: Step, kid: string, keys: Key[]): Rotation {
  return { step, kid, ring: JSON.stringify({ keys }) };
}

function keysOf(ring: string): Key[] {
  let keys: unknown;
  try {
    keys = (JSON.parse(ring) as { keys?: unknown }).keys;
  } catch {}
  if (!Array.isArray(keys) || !keys.length || !keys.every(isKey))
    throw new Sentence('JWT_KEYS has to be a JSON Web Key Set: {"keys": [...]}, each key with a "kid".');
  return keys;
}

const isKey = (value: unknown): value is Key =>
  typeof value === "object" && value !== null && "kid" in value && typeof value.kid === "string";
