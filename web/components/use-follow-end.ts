import { useEffect, useLayoutEffect, useRef } from "react";

/** How far from the end still counts as being there: a line or two. */
const NEAR_PX = 64;

function isAtEnd(): boolean {
  const { scrollHeight } = document.documentElement;
  return window.scrollY + window.innerHeight >= scrollHeight - NEAR_PX;
}

/** Keeps the end of a growing page in sight, but only while the reader is there. */
export function useFollowEnd(text: string, growing: boolean): void {
  const following = useRef(false);

  useEffect(() => {
    if (!growing) return;
    const look = () => {
      following.current = isAtEnd();
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, [growing]);

  useLayoutEffect(() => {
    if (text !== "" && growing && following.current) window.scrollTo({ top: document.documentElement.scrollHeight });
  }, [text, growing]);
}
