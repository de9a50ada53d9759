/** For how long a new key is good, as its form offers it. */
export const EXPIRIES = [
  { value: "30", name: "30 days" },
  { value: "90", name: "90 days" },
  { value: "365", name: "A year" },
  { value: "", name: "No end" },
] as const;

const DAY_MS = 86_400_000;

/** The moment after so many days, or null for what never ends. */
export function endOf(days: string, now: number): string | null {
  return /^\d+$/.test(days) ? new Date(now + Number(days) * DAY_MS).toISOString() : null;
}
