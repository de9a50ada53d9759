/** Figures as people read them. */

/** What the contract counts in a prompt: an emoji is one, a UTF-16 pair is not two. */
export function codePoints(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if (text.charCodeAt(i) >> 10 === 0x36 && text.charCodeAt(i + 1) >> 10 === 0x37) length--;
  }
  return length;
}

export function words(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

const figures = new Intl.NumberFormat("en");

export function figure(value: number): string {
  return figures.format(value);
}

/** The time between two moments: `8.2 s`, `3 min 20 s`. */
export function duration(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes} min ${Math.floor(seconds % 60)} s`;
}

/** How long ago: `just now`, `5 min ago`, `3 h ago`, `2 days ago`, then the date. */
export function ago(then: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(then)) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  const days = Math.floor(minutes / (24 * 60));
  if (days < 14) return days === 1 ? "yesterday" : `${days} days ago`;
  return then.slice(0, 10);
}

const rounded: readonly (readonly [seconds: number, one: string, many: string])[] = [
  [86_400, "a day", "days"],
  [3_600, "an hour", "hours"],
  [60, "a minute", "minutes"],
];

/** A wait as one says it, never too short: `20 seconds`, `a minute`, `5 minutes`, `2 hours`. */
export function wait(seconds: number): string {
  for (const [unit, one, many] of rounded) {
    const count = Math.ceil(seconds / unit);
    if (seconds >= unit) return count === 1 ? one : `${count} ${many}`;
  }
  return seconds <= 1 ? "a second" : `${Math.ceil(seconds)} seconds`;
}

const days = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** The day of a moment, in UTC, so that server and browser say the same: `21 November 2026`. */
export function day(time: string): string {
  return days.format(Date.parse(time));
}

/** A moment to the second, in UTC: `2026-11-21 14:03:05`. */
export function moment(time: string): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
