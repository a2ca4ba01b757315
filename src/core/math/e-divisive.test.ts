import { randomLcg, randomNormal } from 'd3-random';
import { expect, test } from 'vitest';
import { changesIn } from './e-divisive.ts';

const LEVEL = 0.05;
const noise = (n: number, seed: number, sd = 1) => Array.from({ length: n }, randomNormal.source(randomLcg(seed))(0, sd));

test('a step is found where it is, and once', () => {
  const values = noise(30, 3).map((v, i) => v + (i >= 18 ? 6 : 0));
  expect(changesIn(values, LEVEL).map(c => c.index)).toEqual([18]);
});
test('a step and its way back are two', () => {
  const values = noise(36, 5, 0.5).map((v, i) => v + (i >= 12 && i < 24 ? 8 : 0));
  expect(changesIn(values, LEVEL).map(c => c.index)).toEqual([12, 24]);
});
test('one value alone is no step', () => {
  expect(changesIn([1, 1.1, 0.9, 1, 1.05, 0.95, 1, 9], LEVEL)).toEqual([]);
});
test('noise, a constant and too few values hold none', () => {
  const alarms = Array.from({ length: 40 }, (_, k) => changesIn(noise(12, 100 + k), LEVEL).length).filter(n => n > 0).length;
  // At 5 % forty series give more than 7 alarms once in a thousand times (binomial).
  expect(alarms).toBeLessThanOrEqual(7);
  expect(changesIn([2, 2, 2, 2, 2, 2, 2, 2], LEVEL)).toEqual([]);
  expect(changesIn([1, 1, 9], LEVEL)).toEqual([]);
});
