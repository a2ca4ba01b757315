import { expect, test } from 'vitest';
import { loadsBySize } from './reuse.ts';

/** A cache that evicts what was asked for longest ago, as one would write it down. */
function simulated(accesses: readonly string[], size: number): number {
  let loads = 0;
  let cache: string[] = [];
  for (const name of accesses) {
    if (!cache.includes(name)) loads++;
    cache = [name, ...cache.filter(other => other !== name)].slice(0, size);
  }
  return loads;
}

test('of every size are those of a simulated cache', () => {
  const accesses = Array.from({ length: 300 }, (_, i) => `adapter-${(i * i + 3 * i) % 11}`);
  const found = loadsBySize(accesses);
  expect(found).toEqual(found.map((_, i) => simulated(accesses, i + 1)));
});
test('of one adapter is one load; of none there is nothing', () => {
  expect(loadsBySize(['a', 'a', 'a'])).toEqual([1]);
  expect(loadsBySize([])).toEqual([]);
});
