import { randomLcg, randomNormal } from 'd3-random';
import { describe, expect, test } from 'vitest';
import { fitHinge } from './hinge.ts';

const normal = randomNormal.source(randomLcg(0.7))(0, 1);
const x = Array.from({ length: 40 }, (_, i) => 1 + (i % 8));
const noisy = (of: (x: number) => number, spread = 0.1) => x.map(v => of(v) + spread * normal());

describe('a line that turns at a knee', () => {
  const found = fitHinge(
    x,
    noisy(v => 1 + 0.1 * v + 0.5 * Math.max(0, v - 5)),
  );
  test('is found, with the knee in its interval and the slopes that it has', () => {
    expect(found?.p).toBeLessThan(0.002);
    expect(found?.kneeInterval[0]).toBeLessThanOrEqual(5);
    expect(found?.kneeInterval[1]).toBeGreaterThanOrEqual(5);
    expect(found?.turn).toBeCloseTo(0.5, 0);
  });
  test('rises above the line from before by the turn times what lies beyond the knee', () => {
    expect(found?.rise.bound(0.025)).toBeLessThan(1.5);
    expect(found?.rise.bound(0.975)).toBeGreaterThan(1.5);
  });
});
test('without noise it is exact', () => {
  const found = fitHinge(
    x,
    noisy(v => 2 - v + 3 * Math.max(0, v - 4), 0),
  );
  expect([found?.knee, found?.slope, found?.turn, found?.rise.estimate].map(v => Number((v ?? 0).toFixed(9)))).toEqual([4, -1, 3, 12]);
});
test('a straight line, and one that flattens, turn upwards nowhere', () => {
  expect(
    fitHinge(
      x,
      noisy(v => 1 + 0.3 * v),
    )?.p,
  ).toBeGreaterThan(0.025);
  expect(
    fitHinge(
      x,
      noisy(v => Math.min(v, 4)),
    )?.p,
  ).toBeGreaterThan(0.5);
});
test('three places, or five values, tell no knee', () => {
  expect(fitHinge([1, 2, 3, 1, 2, 3, 1], [1, 2, 9, 1, 2, 9, 1])).toBeUndefined();
  expect(fitHinge([1, 2, 3, 4, 5], [1, 2, 3, 9, 12])).toBeUndefined();
});
