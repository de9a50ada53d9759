/**
 * Next writes down the whole address of a call that it could not forward. When somebody comes back from an identity
 * provider while the API is away, there is a code in it that is still good.
 */
export function logNoQueries(log: Pick<Console, "error"> = console): void {
  const error = log.error.bind(log);
  log.error = (first: unknown, ...others: unknown[]) => {
    const isForward = typeof first === "string" && first.startsWith("Failed to proxy ");
    error(isForward ? first.replace(/\?.*/s, "?…") : first, ...others);
  };
}
