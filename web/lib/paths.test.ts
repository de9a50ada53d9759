import * as fc from "fast-check";
import { expect, test } from "vitest";

import { HOME, safeNext, signInPath } from "./paths";

test.for(["/tasks", "/tasks/1?cursor=a#end", "/"])("%s is a place to go", (path) => {
  expect(safeNext(path)).toBe(path);
});

test.for([
  null,
  undefined,
  ["/tasks"],
  "",
  "tasks",
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "/\t/evil.example",
  "/..//evil.example",
  "/.//evil.example",
  "/%2e%2e//evil.example",
  "/tasks/..//evil.example",
  "javascript:alert(1)",
])("%s is not: home instead", (next) => {
  expect(safeNext(next)).toBe(HOME);
});

test("whatever is asked for, a browser stays on the site", () => {
  const pieces = fc.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    "%2e",
    "%2f",
    "\t",
    "\n",
    " ",
    "@",
    ":",
    "?",
    "#",
    "evil.example",
    "https:",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 9 }), (parts) => {
      expect(new URL(safeNext(`/${parts.join("")}`), "https://site.example").origin).toBe("https://site.example");
    }),
    { numRuns: 5_000 },
  );
});

test("the way to sign in keeps where it came from", () => {
  expect(signInPath("/tasks?cursor=a&b")).toBe("/sign-in?next=%2Ftasks%3Fcursor%3Da%26b");
});
