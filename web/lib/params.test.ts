import { expect, test } from "vitest";

import { given, one, pathWith } from "./params";

test("a parameter that comes twice says nothing", () => {
  expect([one("a"), one(["a", "b"]), one(undefined)]).toEqual(["a", "", ""]);
});

test("a path has the parameters that say something", () => {
  expect(pathWith("/users", { query: "a&b", cursor: "" })).toBe("/users?query=a%26b");
  expect(pathWith("/users", { query: "" })).toBe("/users");
});

test("the API is asked for what was given", () => {
  expect(given({ query: "", cursor: "c" })).toEqual({ cursor: "c" });
});
