import { expect, test } from 'vitest';
import { holm } from './holm.ts';

test('the smallest is held against all, the next against one less, and none is smaller than one before it', () => {
  // Holm 1979; the same four as R's p.adjust(c(.01, .04, .03, .005), "holm") gives: 0.03 0.06 0.06 0.02.
  expect(holm([0.01, 0.04, 0.03, 0.005]).map(p => Math.round(p * 1e6) / 1e6)).toEqual([0.03, 0.06, 0.06, 0.02]);
});
test('no level is above one, and none are needed for none', () => {
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
