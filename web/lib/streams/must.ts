/** How a judge of the wire says no. */
export class BrokenRule extends Error {
  override readonly name = "BrokenRule";
}

/** Throws BrokenRule, with the rule as it should have been. */
export function must(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new BrokenRule(`The contract is broken: ${rule}.`);
}
