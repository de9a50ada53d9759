import assert from "node:assert/strict";
import { test } from "node:test";

import { count, failures } from "./junit.ts";

test("passed, failed, broken and skipped tests are told apart", () => {
  const report = `<?xml version="1.0"?><testsuites><testsuite name="a > b">
    <testcase name="one" time="0.1"/>
    <testcase name="two &gt; 1" classname="x"><system-out>fine</system-out></testcase>
    <testcase name="three > two"><failure message="no"/></testcase>
    <testcase name="four"><error>broke</error></testcase>
    <testcase name="five"><skipped/></testcase>
  </testsuite></testsuites>`;

  assert.deepEqual(count(report), { passed: 2, failed: 2, skipped: 1 });
});

test("a report that was cut off counts what it holds", () => {
  assert.deepEqual(count('<testsuite><testcase name="one"/><testcase name="tw'), { passed: 1, failed: 0, skipped: 0 });
});

test("a failure is told by its test's name and its first lines", () => {
  const report = `<testsuite>
    <testcase name="one"/>
    <testcase classname="x" name="two &gt; 1"><failure message="no&#10;good" type="x"><![CDATA[\u001b[31mat\u001b[39m a.ts:1

at b.ts:2]]></failure></testcase>
    <testcase name="three"><error message="broke"/></testcase>
  </testsuite>`;

  assert.deepEqual(failures(report), ["two > 1\n  no\n  good\n  at a.ts:1\n  at b.ts:2", "three\n  broke"]);
});
