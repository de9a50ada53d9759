// Reads a guide's code blocks: ```lang path/of/file is a whole file, ```diff path/of/file is a change to one, and
// ```delete name are the paths that a feature consists of; the changes after it belong to it.

export interface Block {
  language: string;
  path: string;
  text: string;
}

const BLOCK = /^```(\w+) (\S.*)\n([\s\S]*?)^```$/gm;

export function blocksOf(guide: string): Block[] {
  return [...guide.matchAll(BLOCK)].map(([, language, path, text]) => ({
    language: language!,
    path: path!,
    text: text!,
  }));
}

/** What has to go with a feature. */
export interface Removal {
  feature: string;
  paths: string[];
  changes: Block[];
}

export function removalsOf(guide: string): Removal[] {
  const removals: Removal[] = [];
  for (const block of blocksOf(guide)) {
    if (block.language === "delete")
      removals.push({ feature: block.path, paths: block.text.trimEnd().split("\n"), changes: [] });
    else removals.at(-1)?.changes.push(block);
  }
  return removals;
}

/**
 * The file with a diff's lines: " " finds its place, "+" is added after it, "-" is taken out. The first has to be there
 * exactly once, each other one somewhere after the one before it.
 */
export function applied(file: string, diff: string): string {
  const lines = file.split("\n");
  let at = -1;
  const find = (wanted: string): number => {
    const found = lines.indexOf(wanted, at + 1);
    if (found === -1 || (at === -1 && lines.indexOf(wanted, found + 1) !== -1))
      throw new Error(`The guide names a line that isn't there, or not once: ${wanted}`);
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
