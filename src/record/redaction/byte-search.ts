import { byteAt, intAt } from '#core/columns';

/** Bytes that are looked up at once: with two, nearly all of a trace is skipped in strides of the shortest pattern. */
const BLOCK = 2;

/** Tells each place where a pattern begins. */
export type ByteSearch = (data: Uint8Array, onHit: (pattern: number, at: number) => void) => void;

const blockAt = (data: Uint8Array, at: number): number => (byteAt(data, at) << 8) | byteAt(data, at + 1);

function equalAt(data: Uint8Array, at: number, pattern: Uint8Array): boolean {
  if (at + pattern.length > data.length) return false;
  for (let i = 0; i < pattern.length; i++) if (data[at + i] !== pattern[i]) return false;
  return true;
}

/**
 * Looks for many patterns in one pass (S. Wu and U. Manber, "A fast algorithm for multi-pattern searching", 1994): a table says
 * for each pair of bytes how far on the next pattern can end at the soonest. Looking for them one by one would read a trace of
 * gigabytes hundreds of times.
 * @param patterns each at least two bytes long
 */
export function byteSearch(patterns: readonly Uint8Array[]): ByteSearch {
  const width = Math.min(...patterns.map(p => p.length));
  if (patterns.length === 0) return () => {};
  if (width < BLOCK) throw new Error('a pattern is shorter than the block that is looked up');
  const stride = new Int32Array(1 << 16).fill(width - BLOCK + 1);
  const ending = new Map<number, number[]>();
  for (const [k, pattern] of patterns.entries())
    for (let i = 0; i + BLOCK <= width; i++) {
      const block = blockAt(pattern, i);
      const left = width - BLOCK - i;
      stride[block] = Math.min(intAt(stride, block), left);
      if (left === 0) ending.set(block, [...(ending.get(block) ?? []), k]);
    }
  return (data, onHit) => {
    let at = width - BLOCK;
    while (at + BLOCK <= data.length) {
      const block = ((data[at] as number) << 8) | (data[at + 1] as number);
      const skip = stride[block] as number;
      if (skip > 0) {
        at += skip;
        continue;
      }
      const begin = at - (width - BLOCK);
      for (const k of ending.get(block) ?? []) if (equalAt(data, begin, patterns[k] as Uint8Array)) onHit(k, begin);
      at++;
    }
  };
}
