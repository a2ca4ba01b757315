import { intAt } from '#core/columns';

/**
 * What must be left out of both sequences so that the same is left, and how much that is. Myers, "An O(ND) difference algorithm and its
 * variations", Algorithmica 1 (1986): the greedy algorithm, which is fast where little differs.
 * @param most gives up beyond so much
 * @returns undefined beyond `most`
 */
export function orderDistance(a: readonly number[], b: readonly number[], most: number): number | undefined {
  return walk(a, b, most)?.distance;
}

/** Positions that correspond to one another, in ascending order; undefined beyond `most`. */
export function alignOrders(a: readonly number[], b: readonly number[], most: number): (readonly [number, number])[] | undefined {
  const found = walk(a, b, most, []);
  if (found === undefined) return undefined;
  const out: [number, number][] = [];
  let [x, y] = [a.length, b.length];
  for (let d = found.distance; x > 0 || y > 0; d--) {
    const ends = found.ends[d - 1];
    const k = x - y;
    const down = d > 0 && ends !== undefined && (k === -d || (k !== d && intAt(ends, k - 1 + most + 1) < intAt(ends, k + 1 + most + 1)));
    const before = d === 0 || ends === undefined ? 0 : down ? intAt(ends, k + 1 + most + 1) : intAt(ends, k - 1 + most + 1);
    // Where this step of the edit path arrived, before it ran along what is the same.
    const from = d === 0 ? 0 : down ? before : before + 1;
    while (x > from) out.unshift([--x, --y]);
    if (d === 0) break;
    if (down) y--;
    else x--;
  }
  return out;
}

function walk(
  a: readonly number[],
  b: readonly number[],
  most: number,
  kept?: Int32Array[],
): { readonly distance: number; readonly ends: readonly Int32Array[] } | undefined {
  const ends = new Int32Array(2 * most + 3);
  const middle = most + 1;
  for (let d = 0; d <= most; d++) {
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && intAt(ends, middle + k - 1) < intAt(ends, middle + k + 1));
      let x = d === 0 ? 0 : down ? intAt(ends, middle + k + 1) : intAt(ends, middle + k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      ends[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return { distance: d, ends: kept ?? [] };
    }
    kept?.push(ends.slice());
  }
  return undefined;
}
