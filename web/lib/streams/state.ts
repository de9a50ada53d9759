/** What every way of reading a stream says of itself, and hears from whoever reads. */
export type StreamState =
  | { name: "connecting" }
  | { name: "live" }
  /**
   * `failures` counts the connections since the last progress that brought nothing. `isLong`: the next is not soon, so
   * whoever has another way takes it.
   */
  | { name: "reconnecting"; failures: number; isLong?: true }
  | { name: "ended" }
  | { name: "refused"; status: number };

/** What to do after some events: read on, begin again (with whatever `cursor` says then), or stop for good. */
export type Verdict = "more" | "again" | "end";
