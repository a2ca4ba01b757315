import { expect, test } from 'vitest';
import { highestThatHolds } from './search.ts';

async function searched(limit: number, range: Partial<Parameters<typeof highestThatHolds>[0]> = {}) {
  const asked: number[] = [];
  const found = await highestThatHolds({ from: 1, to: 512, within: 0.05, isWhole: true, ...range }, async value => {
    asked.push(value);
    return value <= limit;
  });
  return { found, asked };
}

test('doubles until it fails, then halves the distance', async () => {
  const { found, asked } = await searched(100);
  expect(asked.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
  expect(found).toBeGreaterThanOrEqual(96);
  expect(found).toBeLessThanOrEqual(100);
  expect(new Set(asked).size).toBe(asked.length);
});
test('finds whole numbers to the last one where they are few', async () => expect((await searched(3)).found).toBe(3));
test('ends at the largest that may be asked', async () => expect((await searched(9999)).asked.at(-1)).toBe(512));
test('finds none where the first fails', async () => expect(await searched(0)).toEqual({ found: undefined, asked: [1] }));
test('takes rates to three digits', async () => {
  const { found } = await searched(7.77, { isWhole: false, within: 0.01 });
  expect(found).toBeGreaterThan(7.69);
  expect(found).toBeLessThanOrEqual(7.77);
});
