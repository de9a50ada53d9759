import { useEffect, useRef, useState } from "react";

import { type PartName, type Parts, wordsOf } from "./parts";

/** The last change of a part's state as a sentence, for those who don't see the dots. */
export function useNews(
  parts: Parts | null | undefined,
  names: readonly (readonly [PartName, string, string])[],
): string {
  const before = useRef(parts);
  const [news, setNews] = useState("");
  useEffect(() => {
    const changed = names.filter(([name]) => {
      const [old, now] = [before.current?.[name], parts?.[name]];
      return old && now && (old.downSince === null) !== (now.downSince === null);
    });
    before.current = parts;
    const told = changed.map(([name, , label]) => `${label}: ${wordsOf(parts![name])}.`);
    if (told.length > 0) setNews(told.join(" "));
  }, [parts, names]);
  return news;
}
