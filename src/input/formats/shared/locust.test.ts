import { expect, test } from 'vitest';
import { bucketOf } from './locust.ts';

test('a percentile lies in the bucket to which Locust rounded it', () => {
  expect([0, 99, 100, 110, 990, 1000, 1100, 10_000, 12_000].map(bucketOf)).toEqual([
    [0, 0.5],
    [98.5, 99.5],
    [99.5, 105],
    [105, 115],
    [985, 995],
    [995, 1050],
    [1050, 1150],
    [9950, 10_500],
    [11_500, 12_500],
  ]);
});
