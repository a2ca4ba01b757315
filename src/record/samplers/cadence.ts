import { upperMedian } from '#core/math/median';
import { decimals } from '#core/math/round';
/** The times between samples, which show what a sampler really achieved. */
export class Cadence {
  readonly #steps: number[] = [];
  #last: number | undefined;

  /** @param ms when the sample was taken, on any clock */
  add(ms: number): void {
    if (this.#last !== undefined) this.#steps.push(ms - this.#last);
    this.#last = ms;
  }

  /** Null where there are not two samples. */
  medianMs(): number | null {
    return this.#steps.length === 0 ? null : Math.max(0, decimals(upperMedian(this.#steps), 3));
  }

  /** What a reader should know of how the samples came, as sentences. */
  shortfalls(what: string, askedMs: number): string[] {
    const median = this.medianMs();
    const longest = this.#steps.reduce((a, b) => Math.max(a, b), 0);
    if (median === null) return [];
    return [
      ...(median > askedMs * SLOW ? [`${what} came every ${Math.round(median)} ms, not every ${askedMs} ms as asked`] : []),
      ...(longest > Math.max(askedMs, median) * HELD_UP ? [`the longest time without ${what} was ${Math.round(longest)} ms`] : []),
    ];
  }
}

const SLOW = 1.25;
const HELD_UP = 5;
