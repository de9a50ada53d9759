import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { judged, readBudgets } from "./budgets.ts";
import { PAGE, written } from "./page.ts";

test("the page has a place for the table of every command", () => {
  const verdicts = readBudgets().map((budget) => judged(budget, { samples: [] }));

  const page = written(readFileSync(PAGE, "utf8"), verdicts, "Measured here.");

  for (const { budget } of verdicts)
    assert.ok(page.includes(`| ${budget.is} ${budget.limit} ${budget.unit} |`), budget.id);
});

test("a command's table is put between its marks, and nothing else changes", () => {
  const verdicts = readBudgets().map((budget) => judged({ ...budget, command: "one" }, { samples: [] }));
  const page =
    "# A\n<!-- measured: one -->\nold\n<!-- /measured -->\nB\n<!-- measured: two -->\n2\n<!-- /measured -->\n";

  const after = written(page, verdicts, "Measured here.");

  assert.match(after, /^# A\n<!-- measured: one -->\n\| budget/);
  assert.ok(
    after.endsWith("\n\nMeasured here.\n<!-- /measured -->\nB\n<!-- measured: two -->\n2\n<!-- /measured -->\n"),
  );
  assert.ok(!after.includes("old"));
  assert.throws(() => written("# A\n", verdicts, ""), /no place for what one measured/);
});
