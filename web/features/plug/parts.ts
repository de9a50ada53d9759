/** What is known of each part over time: pure, so that the panel only shows it. */
import type { components } from "./schema";

export type Seen = components["schemas"]["Part"];
type KillableName = Seen["name"];
export type PartName = KillableName | "network";

/** `unready`: it runs and can't work, yet or without another. `unknown`: who could tell is down. `elsewhere`: not ours. */
export type PartState = "up" | "down" | "unready" | "unknown" | "elsewhere";

export interface Part {
  state: PartState;
  /** The process that was seen last. */
  pid: number | null;
  /** The process that was killed last. */
  killed: number | null;
  /** Since when it can't work, in milliseconds; null while it can. */
  downSince: number | null;
  /** How long it was away the last time, in milliseconds. */
  away: number | null;
}

export type Parts = Record<PartName, Part>;

/** What the API said: the parts, that it can't tell (`silent`), or nothing at all. */
export type Look = readonly Seen[] | "silent" | "no answer";

const unknown: Part = { state: "unknown", pid: null, killed: null, downSince: null, away: null };

export const nothingKnown: Parts = {
  api: unknown,
  worker: unknown,
  valkey: unknown,
  network: { ...unknown, state: "up" },
};

const blind = (part: Part): Part => ({ ...part, state: "unknown" });

/** The parts after somebody has looked. */
export function looked(parts: Parts, look: Look, now: number): Parts {
  if (look === "no answer")
    return { ...parts, api: gone(parts.api, now), worker: blind(parts.worker), valkey: blind(parts.valkey) };
  if (look === "silent")
    return { ...parts, api: back(parts.api, now), worker: blind(parts.worker), valkey: blind(parts.valkey) };
  const after = { ...parts };
  for (const seen of look) after[seen.name] = judged(parts[seen.name], seen, now);
  return after;
}

function judged(part: Part, { pid, ready }: Seen, now: number): Part {
  if (pid === null) return ready ? { ...part, pid, state: "elsewhere" } : gone(part, now);
  // The launcher may not have noticed yet.
  if (pid === part.killed) return gone(part, now);
  if (ready) return { ...back(part, now), pid };
  return { ...part, pid, state: "unready", downSince: part.downSince ?? now };
}

/** The part after its process was killed. */
export function killed(part: Part, pid: number | null, now: number): Part {
  return { ...gone(part, now), killed: pid };
}

/** The part is down, from now on if it wasn't before. */
export function gone(part: Part, now: number): Part {
  return { ...part, state: "down", downSince: part.downSince ?? now };
}

/** The part is up, and was away for as long as it was down. */
export function back(part: Part, now: number): Part {
  return { ...part, state: "up", downSince: null, away: part.downSince === null ? part.away : now - part.downSince };
}

/** The state in words. */
export function wordsOf({ state, away }: Part): string {
  switch (state) {
    case "up":
      return away === null ? "up" : `back after ${(away / 1000).toFixed(1)} s`;
    case "unknown":
      return "can't be asked";
    case "elsewhere":
      return "not ours";
    case "unready":
      return "not ready";
    case "down":
      return "down";
    default:
      return state satisfies never;
  }
}
