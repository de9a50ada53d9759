import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, sign, verify, type webcrypto } from "node:crypto";
import { test } from "node:test";

import { Sentence } from "./errors.ts";
import { newKey, rotated, type Key } from "./key-ring.ts";

const LIFETIME = 300_000;
const keysOf = (ring: string): Key[] => (JSON.parse(ring) as { keys: Key[] }).keys;
const first = (): string => JSON.stringify({ keys: [newKey()] });

/** What a process with this ring signs: by the first key that can. */
function signed(ring: string): { kid: string; signature: Buffer } {
  const key = keysOf(ring).find((each) => "d" in each);
  assert.ok(key);
  const signature = sign(
    null,
    Buffer.from("token"),
    createPrivateKey({ key: key as webcrypto.JsonWebKey, format: "jwk" }),
  );
  return { kid: key.kid, signature };
}

function verifies(ring: string, { kid, signature }: { kid: string; signature: Buffer }): boolean {
  const key = keysOf(ring).find((each) => each.kid === kid);
  if (!key) return false;
  const { d: _, ...rest } = key;
  return verify(
    null,
    Buffer.from("token"),
    createPublicKey({ key: rest as webcrypto.JsonWebKey, format: "jwk" }),
    signature,
  );
}

test("three steps make a rotation, and each process knows what its neighbours sign", () => {
  const before = first();
  const added = rotated(before, { now: 0, lifetime: LIFETIME });
  const switched = rotated(added.ring, { now: 1_000, lifetime: LIFETIME });
  const removed = rotated(switched.ring, { now: 1_000 + LIFETIME, lifetime: LIFETIME });

  assert.deepEqual([added.step, switched.step, removed.step], ["add", "switch", "remove"]);
  const rings = [before, added.ring, switched.ring, removed.ring];
  for (const [at, ring] of rings.entries())
    for (const neighbour of rings.slice(Math.max(0, at - 1), at + 2))
      // The last two differ by a key that nothing is signed by any more.
      assert.ok(verifies(neighbour, signed(ring)), `step ${at}`);
  assert.equal(signed(added.ring).kid, signed(before).kid);
  assert.equal(signed(switched.ring).kid, added.kid);
  assert.equal(verifies(removed.ring, signed(before)), false);
  assert.equal(keysOf(removed.ring).length, 1);
});

test("the private part of the old key is gone with the switch", () => {
  const switched = rotated(rotated(first(), { now: 0, lifetime: 0 }).ring, { now: 0, lifetime: 0 });

  assert.deepEqual(
    keysOf(switched.ring).map((key) => "d" in key),
    [true, false],
  );
});

test("the old key stays while a token of it may be good", () => {
  const switched = rotated(rotated(first(), { now: 0, lifetime: 0 }).ring, { now: 0, lifetime: LIFETIME });

  assert.throws(() => rotated(switched.ring, { now: LIFETIME - 1, lifetime: LIFETIME }), Sentence);
});

test("what is no ring is told", () => {
  for (const ring of ["", "{}", '{"keys": []}', '{"keys": [1]}', '{"keys": [{"kid": "a"}]}'])
    assert.throws(() => rotated(ring, { now: 0, lifetime: 0 }), Sentence);
});
