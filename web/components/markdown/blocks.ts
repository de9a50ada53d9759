import { Lexer } from "marked";

/** A text cut into its Markdown blocks, and how far that cut is final. */
export interface Blocks {
  text: string;
  raws: readonly string[];
}

/** More text can still change this many blocks at the end: the last one, and the one that it may turn out to continue. */
const OPEN = 2;

/**
 * The blocks of `text`. Those that more text can't change are taken over from `previous`, so that a token of a long
 * text costs what its last paragraph costs.
 */
export function split(previous: Blocks | null, text: string): Blocks {
  const kept = previous !== null && text.startsWith(previous.text) ? previous.raws.slice(0, -OPEN) : [];
  const start = kept.reduce((sum, raw) => sum + raw.length, 0);
  const raws = [...kept];
  for (const token of new Lexer().blockTokens(text.slice(start))) {
    // Blank lines belong to what stands before them: a block of their own would count as an open one.
    if (token.type === "space" && raws.length > 0) raws.push((raws.pop() ?? "") + token.raw);
    else raws.push(token.raw);
  }
  return { text, raws };
}
