import { Lexer } from "marked";

/** What stands at the end of a text that is still being written, without the marks whose other half hasn't come. */

const MARKS_AT_END = /[*_~`[!\\]+$/;
/** `Text\n-` would be a heading for a moment, and `1` a paragraph between two items. */
const MARKER_LINE = /(^|\n)[ \t]*(?:[-=*+#>|]+|\d{1,9}[.)]?)[ \t]*$/;
const OPEN_LINK = /\[([^\]\n]*)(?:\](?:\([^)\n]*)?)?$/;
/** Two * three: a sum, not a mark. */
const STAR_ALONE = /(?<!\S)\*(?!\S)/g;
const LIST_MARKER = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+/;

function isOdd(text: string, mark: string): boolean {
  return text.split(mark).length % 2 === 0;
}

/** One line with its open marks closed, so that bold is bold from its first letter. */
function closed(line: string): string {
  const marker = LIST_MARKER.exec(line)?.[0] ?? "";
  let rest = line.slice(marker.length).replace(MARKS_AT_END, "");
  if (isOdd(rest, "`")) return `${marker}${rest}\``;
  rest = rest.replace(OPEN_LINK, "$1").trimEnd();
  if (isOdd(rest, "**")) rest += "**";
  if (isOdd(rest.replaceAll("**", "").replace(STAR_ALONE, ""), "*")) rest += "*";
  return marker + rest;
}

/** The last block as it is to be shown while more is coming. */
export function tidy(block: string): string {
  // Inside code everything is meant, but for the fence that is about to close it.
  if (/^ {0,3}(```|~~~)/.test(block)) return block.replace(/\n[`~]{1,2}$/, "");
  // A table's head is a line of bars until the rule below it is there.
  if (block.startsWith("|") && new Lexer().blockTokens(block)[0]?.type !== "table") return "";
  const text = block.replace(MARKER_LINE, "");
  const line = text.lastIndexOf("\n") + 1;
  return text.slice(0, line) + closed(text.slice(line));
}
