// From values to places in a plot of 100 by 100, which is stretched to its box: strokes keep their width, text is HTML.

/** Rounded, so that a page of many plots stays small. */
const place = (at: number): number => Math.round(at * 100) / 100;

export const across =
  (from: number, to: number) =>
  (value: number): number =>
    place((100 * (value - from)) / (to - from));

/** The same upside down: larger is higher. */
export const upwards = (from: number, to: number) => {
  const along = across(from, to);
  return (value: number): number => place(100 - along(value));
};

/** With some room on either side: what lies on an edge is seen whole. */
export const roomy = ({ from, to }: { from: number; to: number }, share: number): [from: number, to: number] => [
  from - (to - from) * share,
  to + (to - from) * share,
];

/** From the least to the most of `values`; `limit` is in it unless it is so far away that nothing else could be seen. */
export function domain(values: readonly number[], limit: number): { from: number; to: number; hasLimit: boolean } {
  // Not by Math.min(...values): there may be more of them than a call takes.
  const [from, to] = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [
    Infinity,
    -Infinity,
  ] as [number, number]);
  const size = Math.max(to - from, Math.abs(to) * 0.5);
  const hasLimit = limit <= to + 3 * size && limit >= from - 3 * size;
  const [least, most] = hasLimit ? [Math.min(from, limit), Math.max(to, limit)] : [from, to];
  if (most > least) return { from: least, to: most, hasLimit };
  const room = Math.abs(most) * 0.1 || 1;
  return { from: least - room, to: most + room, hasLimit };
}

/** How many of `values` lie in each of `count` equal parts of the domain. */
export function bins(values: readonly number[], from: number, to: number, count: number): number[] {
  const counted = Array.from({ length: count }, () => 0);
  for (const value of values) {
    const at = Math.floor((count * (value - from)) / (to - from));
    counted[Math.max(0, Math.min(count - 1, at))]!++;
  }
  return counted;
}
