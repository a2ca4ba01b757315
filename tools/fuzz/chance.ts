import { createHash } from 'node:crypto';
import { randomLcg } from 'd3-random';

/** Draws that follow from a seed and the number of a mutant alone, so that one mutant can be made again without those before it. */
export class Chance {
  readonly #next: () => number;

  constructor(seed: number, index: number) {
    // Neighbouring seeds of a linear congruential generator begin with nearly the same draw: a hash sets them apart.
    this.#next = randomLcg(createHash('sha256').update(`${seed}/${index}`).digest().readUInt32LE() / 2 ** 32);
  }

  /** A whole number from 0 to `n` - 1. */
  below(n: number): number {
    return Math.floor(this.#next() * n);
  }

  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.below(from.length)];
    if (one === undefined) throw new Error('there is nothing to pick from');
    return one;
  }

  /** One of several, each as often as its weight says. */
  weighted<T extends { readonly weight: number }>(from: readonly T[]): T {
    let left = this.#next() * from.reduce((sum, one) => sum + one.weight, 0);
    const found = from.find(one => {
      left -= one.weight;
      return left < 0;
    });
    return found ?? this.pick(from);
  }

  /** Up to `most` of several, at least one, in the order drawn. */
  several<T>(from: readonly T[], most: number): readonly T[] {
    return Array.from({ length: 1 + this.below(most) }, () => this.pick(from));
  }

  bytes(n: number): Buffer {
    return Buffer.from(Array.from({ length: n }, () => this.below(256)));
  }
}
