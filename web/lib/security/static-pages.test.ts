import { expect, test } from "vitest";

import { scriptSources } from "./static-pages";

const sourcesOf = scriptSources({
  pages: { "/": ["'sha256-a'"], "/_not-found": ["'sha256-n'"] },
  rendered: ["^/tasks(?:/)?$", "^/tasks/([^/]+?)(?:/)?$"],
});

test("a page that the build rendered has the hashes of its scripts", () => {
  expect(sourcesOf("/")).toEqual(["'sha256-a'"]);
});

test.for(["/tasks", "/tasks/1", "/tasks/%2F/"])("%s is rendered for each request: it has a nonce instead", (path) => {
  expect(sourcesOf(path)).toBeNull();
});

test.for(["/nowhere", "/tasks/1/2", "/toString", "/__proto__"])("%s is the page of what isn't there", (path) => {
  expect(sourcesOf(path)).toEqual(["'sha256-n'"]);
});
