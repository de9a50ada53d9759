import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { CODES, wordsFor } from "./errors";

const providers = [{ id: "oidc", name: "The company" }];

test("every code that the API may give has its words", () => {
  const source = readFileSync(new URL("../../../api/app/identities/errors.py", import.meta.url), "utf8");
  const [, list] = /SignInError = Literal\[([^\]]+)\]/.exec(source)!;

  expect(CODES).toEqual([...list!.matchAll(/"(\w+)"/g)].map(([, code]) => code));
});

test.for(CODES)("%s is told in words, with the provider's name or without", (code) => {
  for (const provider of ["oidc", "unknown", undefined]) {
    const { title, more } = wordsFor(code, provider, providers)!;
    expect(`${title}. ${more}`).not.toMatch(/_|undefined|<|unknown/);
  }
});

test.for([null, undefined, "", "nothing_like_it", "__proto__", "toString", ["denied", "denied"]])(
  "%s is no error",
  (code) => {
    expect(wordsFor(code, "oidc", providers)).toBeNull();
  },
);
