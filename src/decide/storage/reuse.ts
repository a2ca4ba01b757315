import { valueAt } from '#core/columns';

/**
 * How many loads a cache of each size would have needed that evicts what was asked for longest ago, by the stack of Mattson et al. 1970 (IBM Systems Journal 9:78):
 * an access whose adapter was asked for k others ago is a load for each size up to k.
 * @param accesses names, in the order of time
 * @returns by size from 1; the last size holds all
 */
export function loadsBySize(accesses: readonly string[]): readonly number[] {
  const stack: string[] = [];
  const depths: number[] = [];
  let first = 0;
  for (const name of accesses) {
    const depth = stack.indexOf(name);
    if (depth < 0) first++;
    else {
      stack.splice(depth, 1);
      depths[depth] = (depths[depth] ?? Number.NaN) >= 0 ? valueAt(depths, depth) + 1 : 1;
    }
    stack.unshift(name);
  }
  return stack.map((_, i) => depths.reduce((sum, count, depth) => (depth > i ? sum + count : sum), first));
}
