// What the bench tells the process of its clients, and what that answers.
import type { Place } from "../../web/lib/streams/rules.ts";
import type { Effort } from "./connection.ts";

export type Order =
  | {
      do: "open";
      port: number;
      paths: string[];
      headers: string;
      place: Place | null;
      efforts: Effort[];
      count: number;
    }
  | { do: "seen"; group: number }
  | { do: "close"; group: number };

/** What a group saw since it was opened; `latencies` since it was asked last. */
export interface Seen {
  group: number;
  connections: number;
  frames: number;
  latencies: number[];
  ended: number;
  failures: string[];
}
