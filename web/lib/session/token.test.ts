import { expect, test } from "vitest";

import { lifeOf } from "./token";

const token = (claims: unknown) => `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

test("a token says how long it still lives, and how long in all", () => {
  expect(lifeOf(token({ iat: 100, exp: 400 }), 150_000)).toEqual({ left: 250_000, whole: 300_000 });
});

test.for([
  undefined,
  "",
  "x",
  "a.b.c",
  "a..c",
  token(null),
  token(7),
  token({}),
  token({ iat: "1", exp: "2" }),
  token({ exp: 5 }),
])("%s is no token", (text) => {
  expect(lifeOf(text)).toBeNull();
});
