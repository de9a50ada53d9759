// The tables of docs/performance.md: one for each command, between its marks.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Sentence } from "../../scripts/lib/errors.ts";
import { root } from "../../scripts/lib/paths.ts";
import type { Verdict } from "./budgets.ts";
import { machineNow } from "./machine.ts";
import { markdown } from "./table.ts";

export const PAGE = join(root, "docs", "performance.md");

/** The page with the tables of these verdicts. Throws a sentence where it has no place for a command's. */
export function written(page: string, verdicts: readonly Verdict[], on: string): string {
  let text = page;
  for (const command of new Set(verdicts.map(({ budget }) => budget.command))) {
    const marks = new RegExp(`(<!-- measured: ${command} -->\n)[\\s\\S]*?(<!-- /measured -->)`);
    if (!marks.test(text)) throw new Sentence(`docs/performance.md has no place for what ${command} measured.`);
    const rows = markdown(verdicts.filter(({ budget }) => budget.command === command));
    text = text.replace(marks, (_, begin: string, end: string) => `${begin}${rows}\n\n${on}\n${end}`);
  }
  return text;
}

export function writePage(verdicts: readonly Verdict[]): void {
  const on = `Measured on ${new Date().toISOString().slice(0, 10)}, ${machineNow().kind}.`;
  writeFileSync(PAGE, written(readFileSync(PAGE, "utf8"), verdicts, on));
}
