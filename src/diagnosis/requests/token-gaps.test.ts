import { expect, test } from 'vitest';
import { incidentOf, MS, requestRow, requestsOf } from '#test/attribution-sample';
import { clockSeen } from './lane-clock.ts';
import { tokenGaps } from './token-gaps.ts';

const row = (from: number, gaps: readonly number[] | null, first: number | null = from + 5) =>
  requestRow(from, from + 100, { first_token_ms: first, itl_ms: gaps === null ? null : Float32Array.from(gaps) });
const told = (rows: Parameters<typeof requestsOf>[0], incidents: Parameters<typeof clockSeen>[0] = []) => {
  const gaps = tokenGaps(requestsOf(rows), clockSeen(incidents));
  return Array.from({ length: gaps.n }, (_, k) => [gaps.of[k], gaps.to[k]! / MS, gaps.length[k]! / MS]);
};

test('each gap has its request, its end and its length', () =>
  expect(told([row(0, [10, 20]), row(50, [4])])).toEqual([
    [0, 15, 10],
    [0, 35, 20],
    [1, 59, 4],
  ]));
test('tokens that came together leave no gap', () => expect(told([row(0, [0, 10, 0])])).toEqual([[0, 15, 10]]));
test('requests without recorded tokens leave none', () => expect(told([row(0, null), row(0, [3], null)])).toEqual([]));
test('what an incident took of a gap is not in it', () =>
  expect(told([row(0, [10, 40])], [incidentOf(15, 55, { 'storage-io': 30 })])).toEqual([
    [0, 15, 10],
    [0, 25, 10],
  ]));
