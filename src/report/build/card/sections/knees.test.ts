import { expect, test } from 'vitest';
import type { Load } from '#schema/load';
import type { CardDocuments } from '../documents.ts';
import { knees } from './knees.ts';

/** Throughput of the validation suite's sweep (tok/s), which flattens beyond 512. */
const SUITE: readonly (readonly [number, number])[] = [
  [1, 365.43],
  [16, 5941.8],
  [32, 10_898.08],
  [64, 18_745.13],
  [128, 29_088.76],
  [256, 40_503.24],
  [512, 47_490.86],
  [1024, 50_148.57],
  [2048, 51_166.16],
  [4196, 51_551.06],
];
const swept = (scale: number) => ({
  source: `loads/${scale}/load.json`,
  data: { loop: 'closed', stages: SUITE.map(([concurrency, rate]) => ({ concurrency, output_tokens_per_s: rate * scale })) } as Load,
});
const documents = (loads: CardDocuments['loads']) => ({ loads }) as CardDocuments;

test('the knee of the suite is 512, with an interval over several runs', () => {
  expect(knees(documents([swept(1)])).rows).toMatchObject([{ verdict: 'pass', value: 512, reason: 'one run names no interval' }]);
  const [row] = knees(documents([swept(1), swept(1.01), swept(0.99)])).rows;
  expect(row).toMatchObject({ verdict: 'pass', value: 512, source: 'loads/1/load.json' });
  expect(row?.reason).toContain('512');
});
test('one load alone has no knee', () =>
  expect(knees(documents([{ source: 'load.json', data: { stages: [{ concurrency: null }] } as unknown as Load }])).rows).toMatchObject([
    { verdict: 'not-measured' },
  ]));
