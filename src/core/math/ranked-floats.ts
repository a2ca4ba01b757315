import { valueAt } from '#core/columns';

const SIGN = 0x8000_0000;
const HALVES = 1 << 16;

/** Bits of a single-precision number as a whole number that ascends as the number does, −0 before 0; all that is not a number comes last. */
const keyOf = (bits: number): number => {
  if ((bits & 0x7fff_ffff) > 0x7f80_0000) return 0xffff_ffff;
  return (bits & SIGN) === 0 ? (bits | SIGN) >>> 0 : ~bits >>> 0;
};

const numberOf = (key: number): number => {
  const bits = Uint32Array.of((key & SIGN) === 0 ? ~key : key & ~SIGN);
  return new Float32Array(bits.buffer)[0] ?? Number.NaN;
};

const bitsOf = (part: Float32Array) => new Uint32Array(part.buffer, part.byteOffset, part.length);

/** Where a rank (from 1) falls among counts, and its rank there; beyond the last of all it is not found. */
function find(counts: Uint32Array, rank: number): { readonly index: number; readonly rank: number } | undefined {
  let left = rank;
  for (let index = 0; index < counts.length; index++) {
    const here = valueAt(counts, index);
    if (left <= here) return { index, rank: left };
    left -= here;
  }
  return undefined;
}

const count = (counts: Uint32Array, index: number): void => {
  counts[index] = valueAt(counts, index) + 1;
};

/** Of so few numbers that a copy of them is smaller than the counts. */
function sortedAtRanks(parts: readonly Float32Array[], n: number, ranks: readonly number[]): Map<number, number> {
  const all = new Float32Array(n);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  all.sort();
  return new Map(ranks.filter(rank => rank >= 1 && rank <= n).map(rank => [rank, valueAt(all, rank - 1)]));
}

/**
 * Exact order statistics of single-precision numbers that are too many to be copied and sorted: each is counted by the upper half of its
 * bits, and those that share it with a wanted rank by the lower half (selection by digits; Knuth, TAOCP vol. 3, §5.2.5 has the sort).
 * @param ranks from 1, the smallest
 * @returns the value of each rank that there is
 */
export function valuesAtRanks(parts: readonly Float32Array[], ranks: readonly number[]): Map<number, number> {
  const n = parts.reduce((sum, part) => sum + part.length, 0);
  if (n <= HALVES) return sortedAtRanks(parts, n, ranks);
  const upper = new Uint32Array(HALVES);
  for (const part of parts) for (const bits of bitsOf(part)) count(upper, keyOf(bits) >>> 16);
  const found = new Map(ranks.map(rank => [rank, find(upper, rank)]));
  /** Of each upper half in which a rank falls. */
  const lower: (Uint32Array | undefined)[] = Array.from({ length: HALVES });
  for (const place of found.values()) if (place !== undefined) lower[place.index] ??= new Uint32Array(HALVES);
  for (const part of parts)
    for (const bits of bitsOf(part)) {
      const key = keyOf(bits);
      const counts = lower[key >>> 16];
      if (counts !== undefined) count(counts, key & (HALVES - 1));
    }
  const values = new Map<number, number>();
  for (const [rank, place] of found) {
    const counts = place && lower[place.index];
    const within = place === undefined || counts === undefined ? undefined : find(counts, place.rank);
    if (place !== undefined && within !== undefined) values.set(rank, numberOf(place.index * HALVES + within.index));
  }
  return values;
}
