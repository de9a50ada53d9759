// Random numbers that are the same in every run: a verdict may not depend on luck.

export type Random = () => number;

/** Uniform in [0, 1): mulberry32. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Of the standard normal distribution: Box and Muller. */
export const normal = (next: Random): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Of the gamma distribution with a shape of at least 1: Marsaglia and Tsang. */
function gamma(shape: number, next: Random): number {
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(next);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - next()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Of the beta distribution with shapes of at least 1. */
export function beta(a: number, b: number, next: Random): number {
  const x = gamma(a, next);
  return x / (x + gamma(b, next));
}
