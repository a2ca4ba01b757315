import { expect, test } from 'vitest';
import { MS, requestRow, requestsOf } from '#test/attribution-sample';
import { isWithin } from './diagnose-lane.ts';

test('a request lived inside the trace from its first event on, and for a step more than until its last', () => {
  const lives = (from: number, to: number) => requestsOf([requestRow(from, to)]).map(r => isWithin(r, [10 * MS, 100 * MS], 4 * MS))[0];
  expect([lives(10, 104), lives(9.9, 50), lives(50, 104.1)]).toEqual([true, false, false]);
});
