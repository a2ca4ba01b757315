import { describe, expect, test } from 'vitest';
import { drawExperiment } from '#test/storage-experiments';
import type { StorageRun } from './experiment.ts';
import { logTails, tailOf, tailOfRun } from './tail.ts';

const [drawn] = drawExperiment({ planted: {}, seed: 1, repeats: 1, requests: 10, noise: 0, designs: ['h6'] }).runs;
const run = (answers: number, lost = 0): StorageRun => {
  if (drawn === undefined) throw new Error('no run');
  return { ...drawn, e2e_ms: Float64Array.from({ length: answers }, (_, i) => i + 1), lost };
};

describe('the tail of runs', () => {
  test.each([
    [9, 0.5],
    [10, 0.9],
    [20, 0.95],
    [99, 0.95],
    [100, 0.99],
  ])('of %i requests is the percentile %d: a higher one would be their maximum', (n, q) => expect(tailOf([run(n)], 'e2e').q).toBe(q));
  test('is the same of all runs, that of the one with the fewest requests', () => expect(tailOf([run(1000), run(30)], 'e2e').q).toBe(0.95));
  test('is an order statistic', () => expect(tailOfRun(run(200), { of: 'e2e', q: 0.99 })).toBe(198));
});

describe('requests that were lost', () => {
  test('are slower than all that came: a server that drops its slowest is not faster', () => {
    expect(tailOfRun(run(98, 1), { of: 'e2e', q: 0.95 })).toBe(95);
    expect(tailOfRun(run(95, 5), { of: 'e2e', q: 0.95 })).toBe(95);
    expect(tailOfRun(run(95, 15), { of: 'e2e', q: 0.95 })).toBeUndefined();
  });
  test('leave a run without a tail where all are lost, never one of 0', () => {
    expect(tailOfRun(run(0, 200), { of: 'e2e', q: 0.99 })).toBeUndefined();
    expect(logTails([run(0, 200), run(200)], { of: 'e2e', q: 0.99 })).toHaveLength(1);
  });
});
