import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { bare, withHashes } from "./static-pages";

const hash = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
const read = (address: string) => Buffer.from(`file ${address}`);

test("every script is named: by its text where it stands in the page, else by its file", () => {
  const { html, hashes } = withHashes(
    '<head><script>one()</script><link rel="preload" as="script" href="/a.js"/></head>' +
      '<body><script src="/a.js" async=""></script><script id="x">two(1 < 2)</script></body>',
    read,
  );

  expect(new Set(hashes)).toEqual(new Set([hash("one()"), hash("two(1 < 2)"), hash("file /a.js")]));
  expect(html).toContain(`<script src="/a.js" async="" integrity="${hash("file /a.js")}"></script>`);
  expect(html).toContain(`<link rel="preload" as="script" href="/a.js" integrity="${hash("file /a.js")}"/>`);
  expect(html).toContain("<script>one()</script>");
});

test("a second time changes nothing", () => {
  const once = withHashes('<script src="/a.js"></script>', read);

  expect(withHashes(once.html, read)).toEqual(once);
});

test.for(['<p style="color:red">', "<img src='x' onerror='f()'>", "<style>p{}</style>"])(
  "%s is told, since the policy would stop it",
  (html) => {
    expect(() => withHashes(html, read)).toThrow("policy forbids");
  },
);

test("what a script says is no markup", () => {
  expect(() => withHashes('<script>self.x="<p style=\\"\\">"</script>', read)).not.toThrow();
});

test("the page of the last resort keeps its words only", () => {
  const html = bare(
    '<head><style>p{}</style><link rel="preload" as="style" href="/a.css"/><link rel="icon" href="/i"/></head>' +
      '<div style="a:b"><h1 style="c:d" id="e">Sorry</h1><form style="f"><button type="submit">Again</button></form></div>' +
      '<script src="/a.js"></script><script>x()</script>',
  );

  expect(html).toBe(
    '<head><link rel="icon" href="/i"/></head><div><h1 id="e">Sorry</h1><form><button type="submit">Again</button></form></div>',
  );
});
