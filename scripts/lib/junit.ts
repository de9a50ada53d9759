// Counts the tests of a JUnit report, the one format that pytest, node:test, Vitest and Playwright all write.
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export function count(report: string): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, , body = ""] of report.matchAll(
    /<testcase\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    if (/<(failure|error)\b/.test(body)) counts.failed++;
    else if (/<skipped\b/.test(body)) counts.skipped++;
    else counts.passed++;
  }
  return counts;
}
