import { useEffect, useRef, useState } from "react";

import { ApiError } from "@/lib/api/problem";

import { type Way, write } from "./write";

type Phase = "idle" | "writing" | "stopped" | "failed" | "done";

export interface DesignView {
  phase: Phase;
  prompt: string;
  way: Way;
  text: string;
  problem: ApiError | null;
}

const nothing: DesignView = { phase: "idle", prompt: "", way: "stream", text: "", problem: null };

export interface Design {
  view: DesignView;
  start: (prompt: string, streaming: boolean) => void;
  stop: () => void;
}

/** The one design of this page. It is written only while the page is there: nothing is kept on the server. */
export function useDesign(): Design {
  const [view, setView] = useState(nothing);
  const current = useRef<AbortController>(null);

  useEffect(() => () => current.current?.abort(), []);

  function start(prompt: string, streaming: boolean) {
    current.current?.abort();
    const own = new AbortController();
    current.current = own;
    const { signal } = own;
    const change = (told: Partial<DesignView>) => {
      if (!signal.aborted) setView((old) => ({ ...old, ...told }));
    };
    setView({ ...nothing, phase: "writing", prompt, way: streaming ? "stream" : "whole" });
    write({ prompt, streaming, signal, tell: change }).then(
      (text) => change({ phase: "done", text }),
      (error: unknown) => change({ phase: "failed", problem: told(error) }),
    );
  }

  function stop() {
    current.current?.abort();
    setView((old) => (old.phase === "writing" ? { ...old, phase: "stopped" } : old));
  }

  return { view, start, stop };
}

function told(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, "unknown", "Something broke on this page.");
}
