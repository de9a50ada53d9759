/** What every part of a run shares: where the APIs are, chance, the ledger, and how much of a wait is nobody's fault. */
import type { Ledger } from "./ledger.ts";
import type { Random } from "./random.ts";

export interface Place {
  ports: readonly number[];
  origin: string;
  random: Random;
  ledger: Ledger;
  /** Nobody cuts, rests or forgets any more. */
  isCalm: () => boolean;
  /** It has been calm for so long that every reader has to have its ending. */
  isLate: () => boolean;
  /** This API is just being terminated: uvicorn itself then answers 500 to a handshake that isn't complete. */
  isLeaving: (port: number) => boolean;
  /** What says that nobody is there for now: 503, and 502 of a proxy. */
  outages: ReadonlySet<number>;
  /** Milliseconds since `from` in which this API, or this process itself, was kept from running. */
  excused: (port: number, from: number) => number;
}
