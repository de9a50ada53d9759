import assert from "node:assert/strict";
import { test } from "node:test";

import { resultOf } from "./scores.ts";
import { namedIn } from "./weights.ts";

test("the samples of a category have the lowest page's median as theirs", () => {
  const given = new Map([
    ["/", [{ seo: 100 }, { seo: 90 }, { seo: 100 }]],
    ["/sign-in", [{ seo: 96 }, { seo: 97 }, { seo: 98 }]],
  ]);

  assert.deepEqual(resultOf("seo", given).samples, [98, 97, 90]);
});

test("a document's scripts are those it loads and those it asks for ahead, in browsers that know modules", () => {
  const html = `<link rel="preload" as="script" fetchPriority="low" href="/a.js"/><link rel="preload" as="font" href="/f">
    <script src="/b.js?x=1&amp;y=2" async=""></script><script src="/old.js" noModule=""></script><script>src="/no.js"</script>`;

  assert.deepEqual(namedIn(html), ["/a.js", "/b.js?x=1&y=2"]);
});
