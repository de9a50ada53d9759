"use client";

import { useState } from "react";

import { PageTitle } from "@/components/page-title";

/** Longer than this it is folded, so that the answer is in sight. */
const LONG = 480;

/** What was asked: the page's title. */
export function TaskAsk({ prompt }: { prompt: string }) {
  const isLong = prompt.length > LONG || prompt.split("\n").length > 5;
  const [folded, setFolded] = useState(isLong);
  return (
    <div className="mb-8 border-l-2 border-line pl-4">
      <PageTitle
        className={`text-lg leading-relaxed font-normal tracking-normal text-wrap whitespace-pre-wrap text-ink-2 ${folded ? "line-clamp-4" : ""}`}
      >
        {prompt}
      </PageTitle>
      {isLong && (
        <button
          type="button"
          aria-expanded={!folded}
          className="mt-2 text-sm text-ink-2 underline"
          onClick={() => setFolded(!folded)}
        >
          {folded ? "Show all of it" : "Show less"}
        </button>
      )}
    </div>
  );
}
