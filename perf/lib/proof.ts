// Whether a budget was seen to fail: by a limit beyond what is possible, and by a fault that was planted.
import { type Budget, judged, type Verdict } from "./budgets.ts";
import type { Fault } from "./command.ts";

/** More than anything here can be, in any unit, and still a number in JSON. */
const BEYOND = 1e12;

/** The budget with a limit that nothing can meet. */
export const tightened = (budget: Budget): Budget => ({
  ...budget,
  limit: budget.is === "at most" ? -BEYOND : BEYOND,
});

export interface Proof {
  id: string;
  by: "limit" | Fault["kind"];
  /** What the verdict said. */
  said: string;
  /** Null where it failed as it has to, else what is wrong. */
  hole: string | null;
}

/** A row that isn't measured fails too, but that says nothing about its limit. */
export function provenByLimit({ budget, failure }: Verdict): Proof {
  const said = failure ?? "met";
  return { id: budget.id, by: "limit", said, hole: said === "missed" ? null : "it has to be measured and missed" };
}

/** `calm` is the same budget's verdict by its tightened limit, without the fault; `budget` has its real limit. */
export function provenByFault(fault: Fault, budget: Budget, planted: Verdict, calm: Verdict): Proof {
  const said = planted.failure ?? "met";
  const proof = { id: budget.id, by: fault.kind, said };
  if (calm.failure !== "missed") return { ...proof, hole: "without the fault it isn't measured either" };
  if (said === "met") return { ...proof, hole: "the fault goes unnoticed" };
  if (fault.kind === "dead server" || fault.kind === "missing samples")
    return { ...proof, hole: said === "missed" ? "it is missed, not unmeasured" : null };
  if (said !== "missed") return { ...proof, hole: "it isn't measured with the fault" };
  const without = judged(budget, { samples: calm.samples }).failure;
  return { ...proof, hole: without === null ? null : "it is missed without the fault too" };
}
