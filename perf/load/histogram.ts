// How long things took, in eight buckets for each doubling: bounded, however many there are.
const EACH = 8;
const LEAST = 2 ** -6;
const BAR = 40;

export class Histogram {
  /** So many were in each bucket. */
  readonly #counts: number[];
  #worst: number;

  /** `told` is what another one says of itself. */
  constructor(told: Told = { counts: [], worst: 0 }) {
    this.#counts = told.counts.map((count) => count ?? 0);
    this.#worst = told.worst;
  }

  /** In milliseconds. */
  add(ms: number): void {
    const bucket = Math.max(0, Math.ceil(Math.log2(ms / LEAST) * EACH));
    while (this.#counts.length <= bucket) this.#counts.push(0);
    this.#counts[bucket]!++;
    this.#worst = Math.max(this.#worst, ms);
  }

  merge(other: Told): void {
    const longest = Math.max(this.#counts.length, other.counts.length);
    for (let bucket = 0; bucket < longest; bucket++)
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + (other.counts[bucket] ?? 0);
    this.#worst = Math.max(this.#worst, other.worst);
  }

  get told(): Told {
    return { counts: this.#counts, worst: this.#worst };
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** The upper end of the bucket that so many of 100 are not above; NaN where nothing was added. */
  percentile(of: number): number {
    const rank = Math.ceil((of / 100) * this.count);
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries())
      if ((seen += count) >= rank && seen > 0) return Math.min(LEAST * 2 ** (bucket / EACH), this.#worst);
    return NaN;
  }

  /** For people: a line for each doubling. */
  get lines(): string[] {
    const rows = new Map<number, number>();
    for (const [bucket, count] of this.#counts.entries()) {
      if (count === 0) continue;
      const doubling = Math.ceil(bucket / EACH) + Math.log2(LEAST);
      rows.set(doubling, (rows.get(doubling) ?? 0) + count);
    }
    const most = Math.max(...rows.values());
    return Array.from(rows, ([doubling, count]) => {
      const bar = "█".repeat(Math.max(1, Math.round((count / most) * BAR)));
      return `≤ ${short(2 ** doubling).padStart(8)} ms  ${bar.padEnd(BAR)} ${count}`;
    });
  }
}

export interface Told {
  counts: readonly number[];
  worst: number;
}

const short = (ms: number): string => (ms >= 10 ? ms.toFixed(0) : String(Number(ms.toPrecision(2))));
