import { expect, test } from 'vitest';
import type { Collectives } from '#schema/collectives';
import { collectiveCauses } from './collective-causes.ts';

const late = (rank: string, count: number, wait_ms: number): Collectives['late'][number] => ({
  ...{ rank, count, wait_ms, cause: 'host-compute', why: '20 ms of Python', worst: [] },
});

test('late ranks become causes, the longest wait first', () =>
  expect(collectiveCauses({ late: [late('rank 1', 1, 20), late('rank 0', 3, 50)], wait_ms: 100, ranks: ['rank 0', 'rank 1'] })).toEqual([
    {
      cause: 'collective-wait',
      rank: 'rank 0',
      own: 'host-compute',
      ms: 50,
      share: 0.25,
      action: 'On rank 0: profile the thread that launches; move this work to another thread.',
      subject: 'rank 0, late 3 times: host-compute (20 ms of Python)',
    },
    {
      cause: 'collective-wait',
      rank: 'rank 1',
      own: 'host-compute',
      ms: 20,
      share: 0.1,
      action: 'On rank 1: profile the thread that launches; move this work to another thread.',
      subject: 'rank 1, late 1 time: host-compute (20 ms of Python)',
    },
  ]));

test('of equal waits the ranks stand in their order', () =>
  expect(collectiveCauses({ late: [late('b', 1, 5), late('a', 1, 5)], wait_ms: 10, ranks: ['a', 'b'] }).map(c => c.rank)).toEqual([
    'a',
    'b',
  ]));
