// What the load tells a process of its clients, and what that answers.
import type { Told } from "./histogram.ts";

export type Order =
  | {
      do: "watch";
      task: string;
      url: string;
      headers: Record<string, string>;
      readers: number;
      /** The last of them comes so many milliseconds after the first. */
      spread: number;
    }
  | { do: "tell"; within: number };

/** What one client has to say of its stream; moments are milliseconds of the clock on the wall. */
export interface Heard {
  task: string;
  asked: number;
  /** From asking to the first frame. */
  opened: number | null;
  /** The longest wait from one token to the next. */
  longest: number;
  endedAt: number | null;
  /** The first rule that was broken. */
  broken: string | null;
  events: number;
  connections: number;
  lost: number;
  refused: number;
  gaps: number;
  status: string | null;
  /** A hash of the text. */
  text: string;
}

export interface Tale {
  heard: Heard[];
  /** Of every wait between two tokens. */
  waits: Told;
}
