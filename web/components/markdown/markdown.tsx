"use client";

import { memo, useState } from "react";

import { Block } from "./block";
import { type Blocks, split } from "./blocks";
import { tidy } from "./tidy";

/** Markdown that may still be growing, or was cut. Finished blocks are rendered once; loose marks at the end not shown. */
export function Markdown({ text, complete }: { text: string; complete: boolean }) {
  const blocks = useBlocks(text);
  return blocks.map((raw, index) => (
    // A block never changes its place: text is only ever added at the end.
    // oxlint-disable-next-line react/no-array-index-key
    <MemoBlock key={index} raw={complete || index < blocks.length - 1 ? raw : tidy(raw)} />
  ));
}

const MemoBlock = memo(Block);

/** Set while rendering, as React allows for what derives from the last render: no second paint. */
function useBlocks(text: string): readonly string[] {
  const [last, setLast] = useState<Blocks>(() => split(null, text));
  if (last.text === text) return last.raws;
  const next = split(last, text);
  setLast(next);
  return next.raws;
}
