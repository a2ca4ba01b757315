import { expect, test } from 'vitest';
import { type Fault, MS, options, recordingsOf, TRANSFER, US } from '#test/collectives-sample';
import { analyzeCollectives } from './analyze-collectives.ts';

const analyzed = (run: Parameters<typeof recordingsOf>[0]) => {
  const found = analyzeCollectives(recordingsOf(run), options);
  if (found === undefined) throw new Error('no collectives');
  return found;
};

test('a rank whose host computes is named, with what the others waited', () => {
  const c = analyzed({ ranks: 2, steps: 400, jitter: 10 * US, late: [{ rank: 1, step: 200, ns: 90 * MS }] });
  expect(c.late).toHaveLength(1);
  expect(c.late[0]).toMatchObject({ rank: 'rank 1', count: 1, cause: 'host-compute' });
  expect(c.late[0]?.wait_ms).toBeCloseTo(90, 0);
  expect(c.per_rank.map(r => r.late)).toEqual([0, 1]);
  // All that rank 0 waited for it is explained; what rank 1 waited is jitter, whoever was late.
  const [waited, late] = c.per_rank;
  expect(waited!.wait_ms - waited!.jitter_ms).toBeCloseTo(c.late[0]!.wait_ms, 6);
  expect(late?.jitter_ms).toBe(late?.wait_ms);
  expect(c.ops).toBe(400);
});

test.each<[Fault, string]>([
  ['computes', 'host-compute'],
  ['blocked', 'host-blocked'],
  ['neighbour', 'gpu-contention'],
  ['more-work', 'stage-imbalance'],
  ['slower', 'unexplained'],
])('a rank that is late because of %s has cause %s', (fault, cause) => {
  const c = analyzed({ ranks: 4, steps: 300, jitter: 10 * US, late: [{ rank: 2, step: 100, ns: 20 * MS, fault }] });
  expect(c.late.map(l => [l.rank, l.cause])).toEqual([['rank 2', cause]]);
});

test('what happens to every rank alike is jitter, and a longer wait stands out from it', () => {
  const hiccups = Array.from({ length: 20 }, (_, k) => ({ rank: k % 2, step: 50 + 100 * k, ns: (4 + (k % 3)) * MS }));
  const alike = analyzed({ ranks: 2, steps: 2200, jitter: 10 * US, late: hiccups });
  expect(alike.late).toEqual([]);
  expect(alike.jitter_ms).toBeCloseTo(alike.wait_ms, 3);
  expect(alike.longJitter.counts).toEqual([10, 10]);
  expect(alike.longJitter.longest / MS).toBeCloseTo(6, 1);
  const one = analyzed({ ranks: 2, steps: 2200, jitter: 10 * US, late: [...hiccups, { rank: 0, step: 1033, ns: 60 * MS }] });
  expect(one.late.map(l => [l.rank, l.count])).toEqual([['rank 0', 1]]);
});

test.each([
  [0.9, 0],
  [1.2, 1],
])('in a quiet run a rank %s ms late is named %s times', (ms, count) => {
  const c = analyzed({ ranks: 2, steps: 3000, jitter: 2 * US, late: [{ rank: 1, step: 1500, ns: ms * MS }] });
  expect(c.late.reduce((n, l) => n + l.count, 0)).toBe(count);
});

test('a rank that is always later than the others is late by habit, however little', () => {
  const late = Array.from({ length: 500 }, (_, step) => ({ rank: 3, step, ns: 0.3 * MS, fault: 'slower' as const }));
  const c = analyzed({ ranks: 4, steps: 500, jitter: 5 * US, late });
  expect(c.late).toMatchObject([{ rank: 'rank 3', count: 500, cause: 'unexplained' }]);
  expect(c.late[0]?.why).toContain('longer than the others');
});

test('scatter alone names nobody', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const c = analyzed({ ranks: 4, steps: 500, jitter: 300 * US, seed });
    expect(c.late).toEqual([]);
  }
});

test('what is lost by a few records does not shift the rest', () => {
  const late = [{ rank: 1, step: 300, ns: 50 * MS }];
  const c = analyzed({
    ranks: 3,
    steps: 600,
    jitter: 20 * US,
    late,
    lost: [
      [0, 0],
      [0, 1],
      [2, 120],
      [1, 450],
      [2, 599],
    ],
  });
  expect(c.ops).toBe(595);
  expect(c.late.map(l => [l.rank, l.count])).toEqual([['rank 1', 1]]);
  expect(c.transfer_ms / c.ops).toBeCloseTo(TRANSFER / MS, 1);
  expect(c.limits.unmatched).toBe(10);
});

test('ranks that never meet are kept apart', () => {
  const late = [{ rank: 2, step: 150, ns: 30 * MS }];
  const c = analyzed({ ranks: 4, steps: 300, jitter: 200 * US, late, team: r => Math.floor(r / 2) });
  expect(c.ops).toBe(600);
  expect(c.late.map(l => l.rank)).toEqual(['rank 2']);
  // Only rank 3 waited for it.
  expect(c.per_rank[3]?.wait_ms).toBeGreaterThan(30);
  expect(c.per_rank[0]?.wait_ms).toBeLessThan(c.per_rank[3]!.wait_ms);
});

test('one rank alone meets nobody', () => expect(analyzeCollectives(recordingsOf({ ranks: 1, steps: 50 }), options)).toBeUndefined());

test('the rank that others waited for longest stands first', () => {
  const c = analyzed({
    ranks: 2,
    steps: 900,
    jitter: 10 * US,
    late: [
      { rank: 1, step: 200, ns: 20 * MS },
      { rank: 0, step: 600, ns: 50 * MS, fault: 'blocked' },
    ],
  });
  expect(c.late.map(l => [l.rank, l.cause])).toEqual([
    ['rank 0', 'host-blocked'],
    ['rank 1', 'host-compute'],
  ]);
  expect(c.late[0]?.wait_ms).toBeCloseTo(50, 0);
});
