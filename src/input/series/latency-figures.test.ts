import { describe, expect, test } from 'vitest';
import { bucketFigure, fewRequests, momentFigure, namedFigures, percentileNamed } from './latency-figures.ts';

describe('names of percentiles', () => {
  test.each([
    ['p99', 0.99],
    ['p01', 0.01],
    ['99.90', 0.999],
    ['p99.9', 0.999],
    ['p999', 0.999],
    ['p001', 0.001],
    ['p0.1', 0.001],
    ['p100', 1],
    ['median', 0.5],
  ])('%s is %d', (name, q) => expect(percentileNamed(name)).toBe(q));
  test.each(['p', '', 'mode', 'p99th', 'p-1', 'p1e1', 'p999.9', '__proto__'])('%j is none', name =>
    expect(percentileNamed(name)).toBeUndefined(),
  );
});

test('figures keep what they are told, scaled; what is no statistic or no number is left out', () =>
  expect(namedFigures('e2e', { mean: 2, stddev: 0.5, p99: 3, mode: 1, p50: '2', max: Number.NaN, toString: 1 }, 1000, 7)).toEqual([
    { metric: 'e2e', statistic: 'mean', q: null, lower_ms: 2000, upper_ms: 2000, n: 7 },
    { metric: 'e2e', statistic: 'std', q: null, lower_ms: 500, upper_ms: 500, n: 7 },
    { metric: 'e2e', statistic: 'percentile', q: 0.99, lower_ms: 3000, upper_ms: 3000, n: 7 },
  ]));

test('the p99 of fewer than a hundred requests is the maximum', () => {
  expect(fewRequests(99)).toHaveLength(1);
  expect(fewRequests(100)).toEqual([]);
  expect(fewRequests(null)).toEqual([]);
});

test.each([9_007_199_254_740_992, 1.5, -1])('%d is no number of values', n => {
  expect(momentFigure('e2e', 'mean', 1, n).n).toBeNull();
  expect(bucketFigure('e2e', 0.5, [1, 2], n).n).toBeNull();
});
