/** What a stop may take: a stream that Next forwards would hold the server until it is killed. */
const GRACE_MS = 5000;

/** Next waits for every request that is under way; streams come back by their cursor, so they needn't be waited for. */
export function leaveInTime(): void {
  process.once("SIGTERM", () => setTimeout(() => process.exit(143), GRACE_MS));
}
