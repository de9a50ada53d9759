// Reads a guide's code blocks: ```lang path/of/file is a whole file, ```diff path/of/file is a change to one.

export interface Block {
  path: string;
  text: string;
  isDiff: boolean;
}

const BLOCK = /^```(\w+) (\S.*)\n([\s\S]*?)^```$/gm;

export function blocksOf(guide: string): Block[] {
  return [...guide.matchAll(BLOCK)].map(([, language, path, text]) => ({
    path: path!,
    text: text!,
    isDiff: language === "diff",
  }));
}

/** The file with a diff's lines: " " finds its place, "+" is added after it, "-" is replaced by what follows. */
export function applied(file: string, diff: string): string {
  const lines = file.split("\n");
  let at = -1;
  const find = (wanted: string): number => {
    const found = lines.indexOf(wanted);
    if (found === -1 || lines.indexOf(wanted, found + 1) !== -1)
      throw new Error(`The guide names a line that isn't there exactly once: ${wanted}`);
    return found;
  };
  for (const line of diff.split("\n").slice(0, -1)) {
    const text = line.slice(1);
    if (line.startsWith("+")) {
      at += 1;
      lines.splice(at, 0, text);
    } else {
      at = find(text);
      if (line.startsWith("-")) {
        lines.splice(at, 1);
        at -= 1;
      }
    }
  }
  return lines.join("\n");
}
