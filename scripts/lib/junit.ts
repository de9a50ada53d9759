// Counts the tests of a JUnit report, the one format that pytest, node:test, Vitest and Playwright all write.
import { stripVTControlCharacters } from "node:util";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const CASE = /<testcase\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const FAULT = /<(failure|error)\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>([\s\S]*?)<\/\1>)/;
const LINES = 15;

export function count(report: string): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, , body = ""] of report.matchAll(CASE)) {
    if (FAULT.test(body)) counts.failed++;
    else if (/<skipped\b/.test(body)) counts.skipped++;
    else counts.passed++;
  }
  return counts;
}

/** The tests that failed, each by its name and the first lines of what went wrong. */
export function failures(report: string): string[] {
  return [...report.matchAll(CASE)].flatMap(([, head = "", body = ""]) => {
    const fault = FAULT.exec(body);
    if (!fault) return [];
    const [, , attributes = "", text = ""] = fault;
    const why = `${attribute(attributes, "message")}\n${plain(text)}`.split("\n").filter((line) => line.trim() !== "");
    return [[attribute(head, "name"), ...why.slice(0, LINES).map((line) => `  ${line}`)].join("\n")];
  });
}

const attribute = (tag: string, name: string): string => plain(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "");

function plain(text: string): string {
  const raw = text
    .replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, "$1")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
  return stripVTControlCharacters(raw);
}
