import { expect, test } from 'vitest';
import { type Fault, MS, options, type Run, recordingsOf, US } from '#test/collectives-sample';
import { analyzeCollectives } from './analyze-collectives.ts';

const SEND = 'ncclDevKernel_SendRecv';
const REDUCE = 'ncclDevKernel_AllReduce_Sum_bf16_RING_LL';
const analyzed = (run: Omit<Run, 'jitter'>) => {
  const found = analyzeCollectives(recordingsOf({ jitter: 10 * US, ...run }), options);
  if (found === undefined) throw new Error('nothing was matched');
  return found;
};

test('sends and receives are point-to-point: counted apart, and nobody is late for them', () => {
  const late = [50, 120, 180].map(step => ({ rank: 1, step, ns: 20 * MS }));
  const c = analyzed({ ranks: 2, steps: 300, late, kernel: () => SEND });
  expect(c).toMatchObject({ ops: 0, transfer_ms: 0, wait_ms: 0, jitter_ms: 0, late: [] });
  expect(c.point_to_point.ops).toBe(300);
  // Rank 0 waited, so a mean rank waited half of it.
  expect(c.point_to_point.wait_ms).toBeGreaterThan(29);
  expect(c.kinds).toMatchObject([{ name: 'SendRecv', point_to_point: true, count: 300 }]);
  expect(c.per_rank.map(r => [r.late, r.wait_ms, r.jitter_ms])).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(c.per_rank[0]?.point_to_point_ms).toBeGreaterThan(c.per_rank[1]!.point_to_point_ms + 59);
  expect([c.ordered.count, c.longJitter.counts, c.usuallyLast]).toEqual([0, [0, 0], []]);
});

test('collectives beside them are judged, and the books of both close', () => {
  const late = [
    { rank: 1, step: 100, ns: 15 * MS },
    { rank: 0, step: 151, ns: 30 * MS },
  ];
  const c = analyzed({ ranks: 2, steps: 400, late, kernel: step => (step % 2 === 0 ? SEND : REDUCE) });
  expect([c.ops, c.point_to_point.ops]).toEqual([200, 200]);
  expect(c.late).toMatchObject([{ rank: 'rank 0', count: 1, cause: 'host-compute' }]);
  expect(c.kinds.filter(k => !k.point_to_point).reduce((s, k) => s + k.wait_ms, 0)).toBeCloseTo(c.wait_ms, 6);
  expect(c.kinds.filter(k => k.point_to_point).reduce((s, k) => s + k.wait_ms, 0)).toBeCloseTo(c.point_to_point.wait_ms, 6);
});

test.each<[Fault, number]>([
  ['more-work', 0],
  ['slower', 0],
  ['computes', 1],
  ['blocked', 1],
])('a rank that %s between a send and a collective is named %i times', (fault, count) => {
  const late = [{ rank: 0, step: 151, ns: 30 * MS, fault }];
  const c = analyzed({ ranks: 2, steps: 400, late, kernel: step => (step % 2 === 0 ? SEND : REDUCE) });
  expect(c.late).toHaveLength(count);
  expect(c.ordered.count).toBe(1 - count);
  if (count === 0) expect(c.ordered.longest / MS).toBeCloseTo(30, 0);
});

test('the signals of symmetric memory are point-to-point as well', () => {
  const late = [{ rank: 0, step: 151, ns: 30 * MS, fault: 'more-work' as const }];
  const c = analyzed({ ranks: 2, steps: 400, late, kernel: step => (step % 2 === 0 ? 'wait_signal_kernel' : REDUCE) });
  expect(c.late).toEqual([]);
});

test('without sends and receives the same work makes a rank late', () => {
  const late = [{ rank: 0, step: 151, ns: 30 * MS, fault: 'more-work' as const }];
  expect(analyzed({ ranks: 2, steps: 400, late }).late).toMatchObject([{ rank: 'rank 0', cause: 'stage-imbalance' }]);
});
